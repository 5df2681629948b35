import AccessControl
import AccessModel
import HTTPSupport
import Hummingbird
import StrictJSON

extension RESTAPI {
    func addAccess(to routes: Routes) {
        let parameters: Set<String> = [
            "action", "as_of", "collection", "cursor", "expand", "limit", "operation", "repository",
        ]
        routes.get("access", accepting: parameters) { request, context in
            if request.isAboutControl { return try await controlAccess(request, context) }
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
        let moments: Set<String> = ["action", "collection", "operation", "repository", "since", "until"]
        routes.get("access-differences", accepting: moments) { request, context in
            guard let since = try request.moment("since") else {
                throw AccessError.invalid(field: "since", value: "", reason: "give a revision or an RFC 3339 time")
            }
            if request.isAboutControl { return try await controlDifferences(since, request, context) }
            let (action, pattern) = (try request.action(), try request.pattern())
            let changes = try await service.decisions.accessDifferences(
                action, on: pattern, since: since, until: try request.moment("until") ?? .now, as: context.caller)
            return [
                "since": JSONValue(moment: changes.begin), "until": JSONValue(moment: changes.end),
                "items": .array(changes.differences.map { JSONValue(difference: $0, action) }),
            ] as JSONValue
        }
    }
}

extension RESTAPI {
    /// Who may do an operation in a collection.
    private func controlAccess(_ request: Request, _ context: AuthenticatedContext) async throws -> Response {
        let (operation, path) = try request.controlQuestion()
        let (paging, expands) = (try Paging(request), try request.flag("expand"))
        let world = try await service.decisions.world(
            at: try request.moment("as_of") ?? .now, for: [.controlHolders(path, expands: expands)],
            as: context.caller)
        let holders = try service.decisions.whoMay(operation, in: path, expands: expands, in: world, as: context.caller)
        var subjects = holders.everyone ? [(type: "everyone", id: "everyone")] : []
        subjects += holders.principals.map { ($0.kind, $0.description) }
        let key = { (subject: (type: String, id: String)) in "\(subject.type):\(subject.id)" }
        let start = paging.page.after.flatMap { after in subjects.firstIndex { key($0) == after }.map { $0 + 1 } } ?? 0
        let page = Array(subjects[start...].prefix(paging.page.limit))
        return paging.response(page, key: key) { subject in
            [
                "collection": path.json, "operation": .string(operation.description),
                "subject": ["type": .string(subject.type), "id": .string(subject.id)],
            ]
        }
    }

    private func controlDifferences(
        _ since: PointInTime, _ request: Request, _ context: AuthenticatedContext
    ) async throws -> JSONValue {
        let (operation, path) = try request.controlQuestion()
        let found = try await service.decisions.controlDifferences(
            operation, in: path, since: since, until: try request.moment("until") ?? .now, as: context.caller)
        return [
            "since": JSONValue(moment: found.begin), "until": JSONValue(moment: found.end),
            "items": .array(found.differences.map { JSONValue(controlDifference: $0, operation) }),
        ]
    }
}

extension Request {
    fileprivate var isAboutControl: Bool { text("operation") != nil || text("collection") != nil }

    fileprivate func controlQuestion() throws(AccessError) -> (ControlOperation, CollectionPath) {
        for name: Substring in ["action", "repository"] where text(name) != nil {
            throw .invalid(
                field: String(name), value: text(name),
                reason: "ask about an operation on a collection, or an action on a repository")
        }
        guard let operation = text("operation") else {
            throw .invalid(field: "operation", value: nil, reason: "give one, as container.exec or \"get pods\"")
        }
        return (try AccessError.operation(operation, isPattern: false), try collectionPath("collection") ?? .root)
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

    fileprivate init(controlDifference difference: ControlDifference, _ operation: ControlOperation) {
        self = ["effect": difference.gains(operation) ?? false ? "gained" : "lost"]
        self = .object(members + JSONValue(control: difference).members)
    }

    /// What somebody has and had not, or the other way round.
    init(control difference: ControlDifference) {
        let subject: JSONValue =
            switch difference.subject {
            case .everyone: ["type": "everyone", "id": "everyone"]
            case .principal(let principal): ["type": .string(principal.kind), "id": JSONValue(principal)]
            }
        self = [
            "subject": subject, "collection": .string(difference.collection?.description ?? "/Shared/Private/*"),
            "gained": .array(difference.gained.map { .string($0.description) }),
            "lost": .array(difference.lost.map { .string($0.description) }),
            "gained_roles": .array(difference.gainedRoles.map(\.json)),
            "lost_roles": .array(difference.lostRoles.map(\.json)),
            "resource": difference.resource.map { JSONValue(resource: $0) } ?? .null,
        ]
    }

    /// Written as in a placement.
    private init(resource: ControlResource) {
        let parts = [resource.site?.name.rawValue ?? "", resource.id].filter { !$0.isEmpty }
        self = ["type": .string(resource.type), "id": .string(parts.joined(separator: "/"))]
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
