import AccessControl
import AccessModel
import HTTPSupport
import StrictJSON

// The searches of the control plane (AuthZEN 1.0 section 8).

extension DecisionAPI {
    /// Who may: subjects of the type asked for, ordered by name; `everyone` is a type of its own, where a grant to everyone gives
    /// it.
    func searchControlSubjects(
        _ subject: String, _ action: String, _ resource: ControlEntity, _ page: ResultPage, _ body: SearchBody,
        as caller: Caller
    ) async throws -> JSONValue {
        guard resource.operations(action) != nil else {
            return page.nothing(but: MissingName.operation(action, of: resource.operations))
        }
        guard let question = resource.question(.anonymous, action) else {
            return page.nothing(but: try await missing(resource: resource, as: caller))
        }
        // The past world has to tell where the resource was before it can tell who reached it.
        let world = try await world(body, for: .everything, as: caller)
        let asked = question.believing(caller, service.decisions, in: world)
        let holders = try service.decisions.whoMay(asked, in: world, as: caller)
        if holders.principals.isEmpty, !holders.everyone {
            return page.nothing(
                but: service.decisions.missing(resource: resource.type, resource.id, in: world, as: caller))
        }
        if subject == "everyone" {
            return page.results(holders.everyone ? ["everyone"] : [], key: \.self) {
                ["type": "everyone", "id": .string($0)]
            }
        }
        return page.results(holders.principals.filter { $0.kind == subject }, key: \.description) { principal in
            ["type": .string(principal.kind), "id": JSONValue(principal)]
        }
    }

    /// Where: the topmost collections, or with `expand` all; or what of another type was placed there.
    func searchControlResources(
        _ subject: (type: String, id: String), _ action: String, _ type: String, _ page: ResultPage,
        _ body: SearchBody, as caller: Caller
    ) async throws -> JSONValue {
        let entity = try ControlEntity(soughtType: type, properties: body.resource?.properties ?? .null)
        guard let operation = entity.operations(action)?.first else {
            return page.nothing(but: MissingName.operation(action, of: entity.operations))
        }
        if subject.type == "team", let (organization, team) = Self.team(subject.id) {
            let world = try await world(body, for: .everything, as: caller)
            let holdings = try service.decisions.whatMay(
                team: team, of: organization, operation, in: world, as: caller)
            if holdings.isEmpty,
                let name = service.decisions.missing(subject: subject.type, subject.id, in: world, as: caller)
            {
                return page.nothing(but: name)
            }
            return found(holdings, type, page, body, in: world)
        }
        guard let principal = Principal(type: subject.type, id: subject.id) else {
            return page.nothing(but: try await missing(subject: subject, as: caller))
        }
        let world = try await world(body, for: .controlHoldings(principal), as: caller)
        let holdings = try service.decisions.whatMay(principal, operation, in: world, as: caller)
        if holdings.isEmpty,
            let name = service.decisions.missing(subject: subject.type, subject.id, in: world, as: caller)
        {
            return page.nothing(but: name)
        }
        return found(holdings, type, page, body, in: world)
    }

    private func found(
        _ holdings: [ControlHolding], _ type: String, _ page: ResultPage, _ body: SearchBody, in world: WorldView
    ) -> JSONValue {
        guard type == ControlResource.collectionType else {
            let placed = service.decisions.placed(type: type, in: holdings.map(\.collection), in: world)
            return page.results(placed, key: \.self) { ["type": .string(type), "id": .string($0)] }
        }
        let expands = body.context?.expand ?? false
        let paths = expands ? world.graph.collections(below: holdings.map(\.collection)) : holdings.map(\.collection)
        return page.results(paths, key: \.description) { ["type": .string(type), "id": JSONValue($0)] }
    }

    /// Which actions: of an engine's type and of one of others theirs; of a collection all that have no wildcards.
    func searchControlActions(
        of principal: Principal, _ resource: ControlEntity, _ page: ResultPage, _ body: SearchBody, as caller: Caller
    ) async throws -> JSONValue {
        guard let asked = resource.resource else {
            return page.nothing(but: try await missing(resource: resource, as: caller))
        }
        let world = try await world(body, for: .controlDecision(principal, asked), as: caller)
        var question = ControlQuestion(subject: principal, operations: [], resource: asked)
        question = question.believing(caller, service.decisions, in: world)
        let operations = try service.decisions.operations(of: question, in: world, as: caller)
        let names = operations.compactMap { resource.action(for: $0) }
        return page.results(names, key: \.self) { ["name": .string($0)] }
    }
}

extension ControlEntity {
    /// The action by which an operation is asked for of this resource; nil where it is not.
    func action(for operation: ControlOperation) -> String? {
        guard !operation.isPattern else { return nil }
        if type == ControlResource.collectionType { return operation.description }
        switch operation {
        case .engine(let operation): return operation.type == type ? operation.name : nil
        case .other(let type, let verb): return type == self.type ? verb : nil
        case .kubernetes(let operation):
            guard type == "kubernetes", self.operations(operation.verb) == [.kubernetes(operation)] else { return nil }
            return operation.verb
        }
    }
}
