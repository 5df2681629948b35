import AccessControl
import AccessModel
import HTTPSupport
import StrictJSON

extension DecisionAPI {
    /// Who may: subjects of the type asked for, ordered by name.
    func searchSubjects(_ body: SearchBody, as caller: Caller) async throws -> JSONValue {
        let (subject, action, resource) = (try body.subjectSought(), try body.actionAsked(), try body.resourceAsked())
        let page = try ResultPage(body, of: ["subject", subject, action] + resource.asked)
        if resource.type != "repository" {
            return try await searchControlSubjects(subject, action, resource, page, body, as: caller)
        }
        if let name = MissingName.action(action) { return page.nothing(but: name) }
        guard let path = RepositoryPath(type: resource.type, id: resource.id), let action = Action(rawValue: action)
        else { return page.nothing(but: try await missing(resource: resource, as: caller)) }
        let world = try await world(body, for: .holders(path, everybody: action.requiredLevel == .readOnly), as: caller)
        let holders = try service.decisions.whoMay(action, path, in: world, as: caller)
        if holders.isEmpty,
            let name = service.decisions.missing(resource: resource.type, resource.id, in: world, as: caller)
        {
            return page.nothing(but: name)
        }
        return page.results(holders.filter { $0.principal.kind == subject }, key: \.principal.description) { holder in
            let question = AccessQuestion(subject: holder.principal, action: action, repository: path)
            return [
                "type": .string(holder.principal.kind), "id": JSONValue(holder.principal),
                "properties": properties(holder.level, question, in: world, body),
            ]
        }
    }

    /// What may: repositories, ordered by path.
    func searchResources(_ body: SearchBody, as caller: Caller) async throws -> JSONValue {
        let (subject, action, resource) = (try body.subjectAsked(), try body.actionAsked(), try body.resourceSought())
        let page = try ResultPage(
            body, of: ["resource", subject.type, subject.id, action, resource] + body.resourceProperties)
        if resource != "repository" {
            return try await searchControlResources(subject, action, resource, page, body, as: caller)
        }
        guard let action = Action(rawValue: action) else { return page.nothing(but: MissingName.action(action)) }
        if subject.type == "team" {
            return try await searchResources(ofTeam: subject.id, action, page, body, as: caller)
        }
        guard let principal = Principal(type: subject.type, id: subject.id) else {
            return page.nothing(but: try await missing(subject: subject, as: caller))
        }
        let world = try await world(
            body, for: .holdings(principal, everybody: action.requiredLevel == .readOnly), as: caller)
        let holdings = try service.decisions.whatMay(principal, action, in: world, as: caller)
        if let name = service.decisions.missing(subject: subject.type, subject.id, in: world, as: caller) {
            return page.nothing(but: name)
        }
        return page.results(holdings, key: \.repository.description) { holding in
            let question = AccessQuestion(subject: principal, action: action, repository: holding.repository)
            return [
                "type": "repository", "id": JSONValue(holding.repository),
                "properties": properties(holding.level, question, in: world, body),
            ]
        }
    }

    /// What a team gives its members. Only here is a team a subject: it does nothing itself.
    private func searchResources(
        ofTeam id: String, _ action: Action, _ page: ResultPage, _ body: SearchBody, as caller: Caller
    ) async throws -> JSONValue {
        guard let (organization, team) = Self.team(id) else {
            return page.nothing(but: try await missing(subject: ("team", id), as: caller))
        }
        let world = try await world(body, for: .teamHoldings(team, of: organization), as: caller)
        let holdings = try service.decisions.whatMay(team: team, of: organization, action, in: world, as: caller)
        if holdings.isEmpty, let name = service.decisions.missing(subject: "team", id, in: world, as: caller) {
            return page.nothing(but: name)
        }
        return page.results(holdings, key: \.repository.description) { holding in
            [
                "type": "repository", "id": JSONValue(holding.repository),
                "properties": ["level": .string(holding.level.rawValue)],
            ]
        }
    }

    /// Of `org/team`.
    static func team(_ id: String) -> (organization: AccountName, team: TeamName)? {
        let parts = id.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, let organization = try? AccountName(parts[0]), let team = try? TeamName(parts[1]) else {
            return nil
        }
        return (organization, team)
    }

    /// Which actions: in the order of the matrix.
    func searchActions(_ body: SearchBody, as caller: Caller) async throws -> JSONValue {
        let (subject, resource) = (try body.subjectAsked(), try body.resourceAsked())
        let page = try ResultPage(body, of: ["action", subject.type, subject.id] + resource.asked)
        guard let principal = Principal(type: subject.type, id: subject.id) else {
            return page.nothing(but: try await missing(subject: subject, as: caller))
        }
        if resource.type != "repository" {
            return try await searchControlActions(of: principal, resource, page, body, as: caller)
        }
        guard let path = RepositoryPath(type: resource.type, id: resource.id) else {
            return page.nothing(but: try await missing(resource: resource, as: caller))
        }
        let world = try await world(body, for: .decision(principal, path), as: caller)
        let actions = try service.decisions.whichActions(principal, on: path, in: world, as: caller)
        if actions.isEmpty {
            let decisions = service.decisions
            return page.nothing(
                but: decisions.missing(subject: subject.type, subject.id, in: world, as: caller)
                    ?? decisions.missing(resource: resource.type, resource.id, in: world, as: caller))
        }
        return page.results(actions, key: \.rawValue) { ["name": .string($0.rawValue)] }
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

    func world(_ body: SearchBody, for scope: PastScope, as caller: Caller) async throws -> WorldView {
        try await service.decisions.world(
            at: body.context?.point() ?? .now, minimum: body.context?.minRevision, for: [scope], as: caller)
    }

    /// A name that nobody can have was not there in the past either.
    func missing(subject: (type: String, id: String), as caller: Caller) async throws -> MissingName? {
        let world = try await service.decisions.world(for: [], as: caller)
        return service.decisions.missing(subject: subject.type, subject.id, in: world, as: caller)
    }

    func missing(resource: ControlEntity, as caller: Caller) async throws -> MissingName? {
        let world = try await service.decisions.world(for: [], as: caller)
        return service.decisions.missing(resource: resource.type, resource.id, in: world, as: caller)
    }
}

extension SearchBody {
    /// The type of what is searched for; an id would mean nothing.
    fileprivate func subjectSought() throws -> String { try given(subject, "subject").type }

    fileprivate func resourceSought() throws -> String { try given(resource, "resource").type }

    fileprivate func subjectAsked() throws -> (type: String, id: String) {
        let subject = try given(subject, "subject")
        return (subject.type, try subject.id(of: "subject"))
    }

    /// What the results of a search for resources depend on beside names; `expand` changes them, too.
    fileprivate var resourceProperties: [String] {
        [resource?.properties.serialized ?? "", String(context?.expand ?? false)]
    }

    fileprivate func resourceAsked() throws -> ControlEntity {
        let resource = try given(resource, "resource")
        return try ControlEntity(
            type: resource.type, id: try resource.id(of: "resource"), properties: resource.properties)
    }

    fileprivate func actionAsked() throws -> String { try given(action, "action").name }

    private func given<Value>(_ value: Value?, _ name: String) throws -> Value {
        guard let value else { throw BodyError.malformed("\"\(name)\" is missing", field: name) }
        return value
    }
}
