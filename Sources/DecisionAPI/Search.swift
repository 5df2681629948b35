import AccessControl
import AccessModel
import Foundation
import HTTPSupport

extension DecisionAPI {
    /// Who may: subjects of the type asked for, ordered by name.
    func searchSubjects(_ body: SearchBody, as caller: Caller) async throws -> JSON {
        guard let subject = body.subject else { throw BodyError.malformed("\"subject\" is missing", field: "subject") }
        let (action, resource) = (try body.requiredAction(), try body.requiredResource())
        guard let action, let path = try resource.repository() else { return try body.results([]) { _ in .null } }
        let world = try await world(body)
        let holders = try service.whoMay(action, path, in: world, as: caller).filter {
            $0.principal.kind == subject.type
        }
        return try body.results(holders) { holder in
            [
                "type": .string(holder.principal.kind), "id": JSON(holder.principal),
                "properties": ["level": .string(holder.level.rawValue)],
            ]
        }
    }

    /// What may: repositories, ordered by path.
    func searchResources(_ body: SearchBody, as caller: Caller) async throws -> JSON {
        guard let subject = body.subject else { throw BodyError.malformed("\"subject\" is missing", field: "subject") }
        guard let resource = body.resource else {
            throw BodyError.malformed("\"resource\" is missing", field: "resource")
        }
        let action = try body.requiredAction()
        guard let action, let principal = try subject.principal(), resource.type == "repository" else {
            return try body.results([]) { _ in .null }
        }
        let holdings = try service.whatMay(principal, action, in: try await world(body), as: caller)
        return try body.results(holdings) { holding in
            [
                "type": "repository", "id": JSON(holding.repository),
                "properties": ["level": .string(holding.level.rawValue)],
            ]
        }
    }

    /// Which actions: in the order of the matrix.
    func searchActions(_ body: SearchBody, as caller: Caller) async throws -> JSON {
        guard let subject = body.subject else { throw BodyError.malformed("\"subject\" is missing", field: "subject") }
        guard let principal = try subject.principal(), let path = try body.requiredResource().repository() else {
            return try body.results([]) { _ in .null }
        }
        let actions = try service.whichActions(principal, on: path, in: try await world(body), as: caller)
        return try body.results(actions) { ["name": .string($0.rawValue)] }
    }

    private func world(_ body: SearchBody) async throws -> WorldView {
        try await service.world(at: body.context?.point() ?? .now, minimum: body.context?.minRevision)
    }
}

extension SearchBody {
    /// nil for an action that there is not.
    fileprivate func requiredAction() throws -> Action? {
        guard let action else { throw BodyError.malformed("\"action\" is missing", field: "action") }
        return Action(rawValue: action.name)
    }

    fileprivate func requiredResource() throws -> Entity {
        guard let resource else { throw BodyError.malformed("\"resource\" is missing", field: "resource") }
        return resource
    }

    /// One page of the results. The token holds the place behind the page before.
    fileprivate func results<Result>(_ all: [Result], _ json: (Result) -> JSON) throws -> JSON {
        guard let page else { return ["results": .array(all.map(json))] }
        var start = 0
        if let token = page.token, !token.isEmpty {
            guard token.hasPrefix("p"), let place = Int(token.dropFirst()), place >= 0 else {
                throw AccessError.invalid(
                    field: "page.token", value: token, reason: "use the next_token of the page before")
            }
            start = min(place, all.count)
        }
        let limit = page.limit ?? 1_000
        guard (1...1_000).contains(limit) else {
            throw AccessError.invalid(field: "page.limit", value: String(limit), reason: "use 1 to 1000")
        }
        let shown = all[start..<min(start + limit, all.count)]
        let next = shown.endIndex < all.count ? "p\(shown.endIndex)" : ""
        return [
            "results": .array(shown.map(json)),
            "page": [
                "next_token": .string(next), "count": .number(Int64(shown.count)), "total": .number(Int64(all.count)),
            ],
        ]
    }
}
