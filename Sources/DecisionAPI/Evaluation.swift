import AccessControl
import AccessModel
import HTTPSupport
import StrictJSON

extension DecisionAPI {
    /// One question. Without `evaluations` a batch is one, too.
    func evaluate(_ body: EvaluationBody, as caller: Caller) async throws -> JSONValue {
        let world = try await service.decisions.world(
            at: body.context?.point() ?? .now, minimum: body.context?.minRevision, for: body.scopes, as: caller)
        return try await explained(body, in: world, as: caller)
    }

    func evaluate(_ body: EvaluationsBody, as caller: Caller) async throws -> JSONValue {
        guard !body.items.isEmpty else { return try await evaluate(body.defaults, as: caller) }
        // One world for the whole batch, so that its answers agree with each other.
        let scopes = Array(Set(body.items.flatMap { (try? $0.get())?.filled(from: body.defaults).scopes ?? [] }))
        let world = try await service.decisions.world(
            at: body.defaults.context?.point() ?? .now, minimum: body.defaults.context?.minRevision, for: scopes,
            as: caller)
        var answers: [JSONValue] = []
        var worlds = Worlds(service: service, scopes: scopes, caller: caller, of: body.defaults.context, world)
        for item in body.items {
            try Task.checkCancellation()
            let (answer, decision) = await self.answer(item, of: body, &worlds, as: caller)
            answers.append(answer)
            if body.semantic == .denyOnFirstDeny && !decision { break }
            if body.semantic == .permitOnFirstPermit && decision { break }
        }
        return ["evaluations": .array(answers)]
    }

    /// An item that cannot be answered is denied, and says why.
    private func answer(
        _ item: EvaluationsBody.Item, of batch: EvaluationsBody, _ worlds: inout Worlds, as caller: Caller
    ) async -> (JSONValue, Bool) {
        do {
            // The context of an item takes the place of the whole default (AuthZEN 1.0 section 7.1.1).
            let body = try item.get().filled(from: batch.defaults)
            let answer = try answer(body, suggests: false, in: try await worlds.world(at: body.context), as: caller)
            return (answer, answer.decision)
        } catch let error as AccessError {
            return (Self.failed(error.code, error.description), false)
        } catch let BodyError.malformed(text, _, _) {
            return (Self.failed(.invalid, text), false)
        } catch let error as JSONError {
            return (Self.failed(.invalid, error.description), false)
        } catch {
            return (Self.failed(.internal, "something went wrong"), false)
        }
    }

    private static func failed(_ code: ErrorCode, _ message: String) -> JSONValue {
        ["decision": false, "context": ["error": ["code": .string(code.rawValue), "message": .string(message)]]]
    }

    private func answer(
        _ body: EvaluationBody, suggests: Bool, in world: WorldView, as caller: Caller
    ) throws -> JSONValue {
        let asked = try body.question()
        let explains = body.context?.explain ?? false
        func missing(_ isAllowed: Bool) -> [(String, JSONValue?)] {
            isAllowed ? [] : self.missing(asked, suggests: suggests, in: world, as: caller)
        }
        switch asked.known {
        case .registry(let question):
            let decision = try service.decisions.evaluate(question, explains: explains, in: world, as: caller)
            return JSONValue(decision, explains: explains, missing: missing(decision.isAllowed))
        case .control(let question):
            let question = question.believing(caller, service.decisions, in: world)
            let decision = try service.decisions.evaluate(question, explains: explains, in: world, as: caller)
            return JSONValue(decision, explains: explains, missing: missing(decision.isAllowed))
        case nil:
            let nothing: [(String, JSONValue?)] = [("level", .null), ("revision", JSONValue(world.graph.revision))]
            return ["decision": false, "context": JSONValue(members: nothing + missing(false))]
        }
    }

    /// What a question that was denied names and is not there, as a member of the answer's context.
    /// - Parameter suggests: whether the name that was meant is looked for: not for each question of many.
    private func missing(
        _ asked: NamedQuestion, suggests: Bool, in world: WorldView, as caller: Caller
    ) -> [(String, JSONValue?)] {
        let (subject, resource) = (asked.subject, asked.resource)
        let names = [
            service.decisions.missing(subject: subject.type, subject.id, suggests: suggests, in: world, as: caller),
            service.decisions.missing(resource: resource.type, resource.id, suggests: suggests, in: world, as: caller),
            resource.type == "repository"
                ? MissingName.action(asked.action) : MissingName.operation(asked.action, of: resource.operations),
        ]
        return JSONValue.context(missing: names)
    }

    /// One question, with the path of each reason if it asks for reasons.
    private func explained(_ body: EvaluationBody, in world: WorldView, as caller: Caller) async throws -> JSONValue {
        let asked = try body.question()
        func missing(_ isAllowed: Bool) -> [(String, JSONValue?)] {
            isAllowed ? [] : self.missing(asked, suggests: true, in: world, as: caller)
        }
        switch (body.context?.explain ?? false, asked.known) {
        case (true, .registry(let question)?):
            let explanation = try await service.decisions.explain(question, in: world, as: caller)
            let decision = explanation.decision
            return JSONValue(decision, explains: true, explanation, missing: missing(decision.isAllowed))
        case (true, .control(let question)?):
            let question = question.believing(caller, service.decisions, in: world)
            let explanation = try await service.decisions.explain(question, in: world, as: caller)
            let decision = explanation.decision
            return JSONValue(decision, explains: true, explanation, missing: missing(decision.isAllowed))
        default: return try answer(body, suggests: true, in: world, as: caller)
        }
    }
}

/// The moments that the items of one batch are about. Each costs undoing the log that far, so
/// there are few.
private struct Worlds {
    let service: AccessService
    /// What all items ask.
    let scopes: [PastScope]
    let caller: Caller
    /// What cannot be had is remembered too: each item would wait for it anew.
    private var known: [String: Result<WorldView, AccessError>] = [:]
    /// Beside the one of the whole batch.
    private static let limit = 4

    init(
        service: AccessService, scopes: [PastScope], caller: Caller, of context: RequestContextBody?,
        _ world: WorldView
    ) {
        self.service = service
        self.scopes = scopes
        self.caller = caller
        known[Self.key(context)] = .success(world)
    }

    private static func key(_ context: RequestContextBody?) -> String {
        "\(context?.asOf ?? "") \(context?.minRevision ?? 0)"
    }

    mutating func world(at context: RequestContextBody?) async throws -> WorldView {
        let key = Self.key(context)
        if let world = known[key] { return try world.get() }
        guard known.count <= Self.limit else {
            throw BodyError.malformed("a batch is about \(Self.limit) moments at the most", field: "context.as_of")
        }
        let point = try context?.point() ?? .now
        let world: Result<WorldView, AccessError>
        do throws(AccessError) {
            world = .success(
                try await service.decisions.world(at: point, minimum: context?.minRevision, for: scopes, as: caller))
        } catch {
            world = .failure(error)
        }
        known[key] = world
        return try world.get()
    }
}
