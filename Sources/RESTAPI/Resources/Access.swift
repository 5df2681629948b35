import AccessControl
import AccessModel
import HTTPSupport
import Hummingbird
import StrictJSON

extension RESTAPI {
    func addAccess(to routes: Routes) {
        routes.get("access", accepting: ["action", "as_of", "cursor", "limit", "repository"]) { request, context in
            let (action, pattern) = (try request.action(), try request.pattern())
            let paging = try Paging(request)
            let found = try await service.decisions.whoMay(
                action, on: pattern, after: try paging.path(), limit: paging.limit,
                at: try request.moment("as_of") ?? .now, as: context.caller)
            // A page ends with a repository: whether another one follows has to be asked.
            var isLast = found.count < paging.limit
            if !isLast, let last = found.last {
                isLast = try await service.decisions.whoMay(
                    action, on: pattern, after: last.repository, limit: 1, at: try request.moment("as_of") ?? .now,
                    as: context.caller
                ).isEmpty
            }
            return paging.response(wholeGroups: found, isLast: isLast, key: \.repository.description) {
                repository, holder in
                [
                    "repository": JSONValue(repository), "level": .string(holder.level.rawValue),
                    "subject": ["type": .string(holder.principal.kind), "id": JSONValue(holder.principal)],
                ]
            }
        }
        routes.get("access-differences", accepting: ["action", "repository", "since", "until"]) { request, context in
            let (action, pattern) = (try request.action(), try request.pattern())
            guard let since = try request.moment("since") else {
                throw AccessError.invalid(field: "since", value: "", reason: "give a revision or an RFC 3339 time")
            }
            let changes = try await service.decisions.accessDifferences(
                action, on: pattern, since: since, until: try request.moment("until") ?? .now, as: context.caller)
            return [
                "since": JSONValue(moment: changes.begin), "until": JSONValue(moment: changes.end),
                "items": .array(changes.differences.map { JSONValue(difference: $0, action) }),
            ] as JSONValue
        }
    }
}

extension Paging {
    /// The repository that the page before ended with.
    fileprivate func path() throws(AccessError) -> RepositoryPath? {
        guard let text = page.after else { return nil }
        do throws(NameError) { return try RepositoryPath(text) } catch {
            throw .invalid(field: "cursor", value: text, reason: "use the cursor of a Link header, unchanged, or none")
        }
    }
}

extension Request {
    fileprivate func action() throws(AccessError) -> Action {
        let text = self.text("action") ?? Action.push.rawValue
        guard let action = Action(rawValue: text) else {
            let words = Action.allCases.map(\.rawValue).joined(separator: ", ")
            throw .invalid(field: "action", value: text, reason: "use one of \(words)")
        }
        return action
    }

    fileprivate func pattern() throws(AccessError) -> RepositoryPattern {
        let text = self.text("repository") ?? "*"
        do throws(NameError) { return try RepositoryPattern(text) } catch {
            throw .invalid(field: "repository", value: text, reason: error.reason)
        }
    }

    func moment(_ name: Substring) throws(AccessError) -> PointInTime? {
        guard let text = self.text(name) else { return nil }
        guard let point = PointInTime(text) else {
            throw .invalid(field: String(name), value: text, reason: "use a revision or an RFC 3339 time")
        }
        return point
    }
}

extension JSONValue {
    fileprivate init(moment world: WorldView) {
        self = ["revision": JSONValue(world.graph.revision), "time": JSONValue(world.time)]
    }

    fileprivate init(difference: AccessDifference, _ action: Action) {
        let isGain = difference.after.map { $0 >= action.requiredLevel } ?? false
        self = [
            "effect": isGain ? "gained" : "lost",
            "subject": ["type": .string(difference.principal.kind), "id": JSONValue(difference.principal)],
            "repository": JSONValue(difference.repository), "before": JSONValue(difference.before?.rawValue),
            "after": JSONValue(difference.after?.rawValue),
        ]
    }
}
