public import AccessModel

/// A decision with everything that led to it, or that would lead to another one.
public struct Explanation: Sendable {
    public struct Step: Hashable, Sendable {
        public let text: String
        /// The change since which it is so, its time, and who made it. nil where the log does not tell, and
        /// `by` where that is not for the caller to see.
        public let since: Timestamp?
        public let change: Revision?
        public let by: String?
    }

    public let decision: Decision
    /// For each of the decision's reasons its path, from the principal to the repository.
    public let paths: [[Step]]
    /// Of a denial: how the principal stands there, in a sentence; nil where that is not for the caller to see.
    public let summary: String?
    /// Of a denial: the nearest things that would allow it.
    public let remedies: [Remedy]
}

extension Decisions {
    /// Decides and explains, for a caller who may ask it. Who made a change, other teams and what is missing
    /// are told to whoever manages access there only.
    public func explain(
        _ question: AccessQuestion, in world: WorldView, as caller: Caller
    ) async throws(AccessError) -> Explanation {
        let decision = try evaluate(question, explains: true, in: world, as: caller)
        let (subject, path, graph) = (question.subject, question.repository, world.graph)
        let isManager =
            world.present.managesAccess(caller.actor, to: path, at: world.now)
            && world.isSame(path, for: caller)
        let names = world.present
        let paths = try await store.read { (reader) throws(AccessError) in
            try decision.reasons.map { (reason) throws(AccessError) in
                try graph.steps(of: reason, for: subject, on: path).map { (step) throws(AccessError) in
                    let begin = try reader.beginning(of: step, upTo: graph.revision)
                    return Explanation.Step(
                        text: step.text, since: begin?.time, change: begin?.revision,
                        by: isManager ? begin.map { names.words(forActor: $0.actor) } : nil)
                }
            }
        }
        let isDenied = isManager && !decision.isAllowed
        return Explanation(
            decision: decision, paths: paths,
            summary: isDenied ? graph.standing(of: subject, question.action, on: path, at: world.time) : nil,
            remedies: isDenied ? graph.remedies(for: subject, question.action, on: path, at: world.time) : [])
    }
}

extension StoreReader {
    /// The change since which a step holds without a break.
    func beginning(of step: ReasonStep, upTo revision: Revision) throws(AccessError) -> LoggedChange? {
        var end = revision
        while let change = try lastChange(of: step.fact, upTo: end) {
            guard let before = change.change.before, step.holds(in: before, until: change.time) else { return change }
            end = change.revision - 1
        }
        return nil
    }
}
