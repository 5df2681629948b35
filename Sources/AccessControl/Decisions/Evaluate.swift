public import AccessModel

/// "May `subject` do `action` with `repository`?"
public struct AccessQuestion: Hashable, Sendable {
    public var subject: Principal
    public var action: Action
    public var repository: RepositoryPath

    public init(subject: Principal, action: Action, repository: RepositoryPath) {
        self.subject = subject
        self.action = action
        self.repository = repository
    }
}

extension Decisions {
    /// Decides, for a caller who may ask it.
    /// - Parameters:
    ///   - explains: whether to collect reasons. They name teams and grants only to whoever
    ///     manages access there, and to people about themselves.
    public func evaluate(
        _ question: AccessQuestion, explains: Bool = false, in world: WorldView, as caller: Caller
    ) throws(AccessError) -> Decision {
        let (present, now) = (world.present, world.now)
        guard present.mayAsk(caller.actor, about: question.subject, on: question.repository, at: now) else {
            throw .forbidden("you may ask about yourself, and about others only where you manage access")
        }
        try world.requireSameNames(question.subject, question.repository.namespace, as: caller)
        if question.subject != present.principal(of: caller.actor) {
            try world.requireSame(question.repository, as: caller)
        }
        let decision =
            explains
            ? world.graph.explain(question.subject, question.action, question.repository, at: world.time)
            : world.graph.check(question.subject, question.action, question.repository, at: world.time)
        transactions.figures.count(.decisions, [decision.isAllowed ? "allowed" : "denied"])
        return decision
    }
}
