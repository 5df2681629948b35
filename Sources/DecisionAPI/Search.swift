import AccessControl
import AccessModel
import Foundation
import HTTPSupport
import StrictJSON

extension DecisionAPI {
    /// Who may: subjects of the type asked for, ordered by name.
    func searchSubjects(_ body: SearchBody, as caller: Caller) async throws -> JSONValue {
        guard let subject = body.subject else { throw BodyError.malformed("\"subject\" is missing", field: "subject") }
        let (action, resource) = (try body.requiredAction(), try body.requiredResource())
        guard let action, let path = try resource.repository() else { return SearchBody.nothing }
        let world = try await world(body, for: .holders(path, everybody: action.requiredLevel == .readOnly), as: caller)
        let holders = try service.decisions.whoMay(action, path, in: world, as: caller).filter {
            $0.principal.kind == subject.type
        }
        return try body.results(holders, key: \.principal.description) { holder in
            let question = AccessQuestion(subject: holder.principal, action: action, repository: path)
            return [
                "type": .string(holder.principal.kind), "id": JSONValue(holder.principal),
                "properties": properties(holder.level, question, in: world, body),
            ]
        }
    }

    /// What may: repositories, ordered by path.
    func searchResources(_ body: SearchBody, as caller: Caller) async throws -> JSONValue {
        guard let subject = body.subject else { throw BodyError.malformed("\"subject\" is missing", field: "subject") }
        guard let resource = body.resource else {
            throw BodyError.malformed("\"resource\" is missing", field: "resource")
        }
        guard let action = try body.requiredAction(), resource.type == "repository" else { return SearchBody.nothing }
        if subject.type == "team" { return try await searchResources(ofTeam: subject, action, body, as: caller) }
        guard let principal = try subject.principal() else { return SearchBody.nothing }
        let world = try await world(
            body, for: .holdings(principal, everybody: action.requiredLevel == .readOnly), as: caller)
        let holdings = try service.decisions.whatMay(principal, action, in: world, as: caller)
        return try body.results(holdings, key: \.repository.description) { holding in
            let question = AccessQuestion(subject: principal, action: action, repository: holding.repository)
            return [
                "type": "repository", "id": JSONValue(holding.repository),
                "properties": properties(holding.level, question, in: world, body),
            ]
        }
    }

    /// What a team gives its members. Only here is a team a subject: it does nothing itself.
    private func searchResources(
        ofTeam subject: Entity, _ action: Action, _ body: SearchBody, as caller: Caller
    ) async throws -> JSONValue {
        guard let id = subject.id else {
            throw BodyError.malformed("\"subject.id\" is missing", field: "subject.id")
        }
        let parts = id.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, let organization = try? AccountName(parts[0]), let team = try? TeamName(parts[1]) else {
            return SearchBody.nothing
        }
        let world = try await world(body, for: .teamHoldings(team, of: organization), as: caller)
        let holdings = try service.decisions.whatMay(team: team, of: organization, action, in: world, as: caller)
        return try body.results(holdings, key: \.repository.description) { holding in
            [
                "type": "repository", "id": JSONValue(holding.repository),
                "properties": ["level": .string(holding.level.rawValue)],
            ]
        }
    }

    /// Which actions: in the order of the matrix.
    func searchActions(_ body: SearchBody, as caller: Caller) async throws -> JSONValue {
        guard let subject = body.subject else { throw BodyError.malformed("\"subject\" is missing", field: "subject") }
        guard let principal = try subject.principal(), let path = try body.requiredResource().repository() else {
            return SearchBody.nothing
        }
        let world = try await world(body, for: .decision(principal, path), as: caller)
        let actions = try service.decisions.whichActions(principal, on: path, in: world, as: caller)
        return try body.results(actions, key: \.rawValue) { ["name": .string($0.rawValue)] }
    }

    /// The level, and with `context.explain` the reason that gives it: to whoever was told of the one.
    private func properties(
        _ level: AccessLevel, _ question: AccessQuestion, in world: WorldView, _ body: SearchBody
    ) -> JSONValue {
        var members: [(String, JSONValue?)] = [("level", .string(level.rawValue))]
        if body.context?.explain ?? false {
            let reason = service.decisions.reason(of: question, in: world)
            members += [("via", JSONValue(reason?.kind.rawValue)), ("text", JSONValue(reason?.description))]
        }
        return JSONValue(members: members)
    }

    private func world(_ body: SearchBody, for scope: PastScope, as caller: Caller) async throws -> WorldView {
        try await service.decisions.world(
            at: body.context?.point() ?? .now, minimum: body.context?.minRevision, for: [scope], as: caller)
    }
}

extension SearchBody {
    fileprivate static var nothing: JSONValue { ["results": []] }

    /// nil for an action that there is not.
    fileprivate func requiredAction() throws -> Action? {
        guard let action else { throw BodyError.malformed("\"action\" is missing", field: "action") }
        return Action(rawValue: action.name)
    }

    fileprivate func requiredResource() throws -> Entity {
        guard let resource else { throw BodyError.malformed("\"resource\" is missing", field: "resource") }
        return resource
    }

    /// One page of the results. The token holds the key of the last one of the page before, so that what
    /// changes in between neither repeats nor hides another.
    /// - Parameter key: ascends, or is one of few and does not change.
    fileprivate func results<Result>(
        _ all: [Result], key: (Result) -> String, _ json: (Result) throws -> JSONValue
    ) throws -> JSONValue {
        guard let page else { return ["results": .array(try all.map(json))] }
        var start = 0
        if let token = page.token, !token.isEmpty {
            guard token.hasPrefix("after:") else {
                throw AccessError.invalid(
                    field: "page.token", value: token, reason: "use the next_token of the page before")
            }
            let last = String(token.dropFirst(6))
            start = all.firstIndex { key($0) == last }.map { $0 + 1 } ?? all.firstIndex { key($0) > last } ?? all.count
        }
        let limit = page.limit ?? 1_000
        guard (1...1_000).contains(limit) else {
            throw AccessError.invalid(field: "page.limit", value: String(limit), reason: "use 1 to 1000")
        }
        let shown = all[start..<min(start + limit, all.count)]
        let next = shown.endIndex < all.count ? shown.last.map { "after:" + key($0) } ?? "" : ""
        return [
            "results": .array(try shown.map(json)),
            "page": [
                "next_token": .string(next), "count": JSONValue(Int64(shown.count)),
                "total": JSONValue(Int64(all.count)),
            ],
        ]
    }
}
