public import AccessModel

// Decisions of the control plane: everybody about themselves; who gives roles in a collection, and the agent of a cluster or an
// engine, about what is there; system administrators and decision readers about everything.

extension Decisions {
    /// Decides, for a caller who may ask it.
    public func evaluate(
        _ question: ControlQuestion, explains: Bool = false, in world: WorldView, as caller: Caller
    ) throws(AccessError) -> ControlDecision {
        try world.requireToAsk(question, as: caller)
        let decision = explains ? world.explain(question, as: caller) : world.graph.check(question, at: world.time)
        transactions.figures.count(.decisions, [decision.isAllowed ? "allowed" : "denied"])
        return decision
    }

    /// Decides and explains. Who made a change, and what is missing, are told to whoever gives roles there only.
    public func explain(
        _ question: ControlQuestion, in world: WorldView, as caller: Caller
    ) async throws(AccessError) -> ControlExplanation {
        let decision = try evaluate(question, explains: true, in: world, as: caller)
        let (graph, names) = (world.graph, world.present)
        let place = graph.collection(of: question.resource)
        @Sendable func manages(_ path: CollectionPath) -> Bool {
            names.allows(caller.actor, .giveRoles, in: path, at: world.now) && world.isSame(path, for: caller)
        }
        let isManager = place.map(manages) ?? false
        let paths = try await store.read { (reader) throws(AccessError) in
            try decision.reasons.map { (reason) throws(AccessError) in
                let isManaged = manages(reason.asked)
                return try graph.steps(of: reason, for: question.subject).map { (step) throws(AccessError) in
                    let begin = try reader.beginning(of: step, upTo: graph.revision)
                    return Explanation.Step(
                        text: step.text, since: begin?.time, change: begin?.revision,
                        by: isManaged ? begin.map { names.words(forActor: $0.actor) } : nil)
                }
            }
        }
        var remedies: [ControlRemedy] = []
        if isManager, !decision.isAllowed, let place {
            let editsRoles = names.allows(caller.actor, .administer, at: world.now)
            remedies = graph.remedies(for: question, at: world.time, editsRoles: editsRoles) { role in
                names.missing(ofRole: role, for: caller.actor, in: place, until: nil, at: world.now).isEmpty
            }
        }
        return ControlExplanation(
            decision: decision, paths: paths, collection: decision.denial == .nothingThere ? nil : place,
            remedies: remedies)
    }

    /// Everybody who may do an operation in a collection.
    /// - Parameter expands: see `AccessGraph.whoMay(_:in:expands:at:)`.
    public func whoMay(
        _ operation: ControlOperation, in path: CollectionPath, expands: Bool, in world: WorldView, as caller: Caller
    ) throws(AccessError) -> ControlHolders {
        try world.requireToAskWho(path, as: caller)
        return world.graph.whoMay(operation, in: path, expands: expands, at: world.time)
    }

    /// Everybody who may do what a question asks for; its subject means nothing.
    public func whoMay(
        _ question: ControlQuestion, in world: WorldView, as caller: Caller
    ) throws(AccessError) -> ControlHolders {
        guard world.mayAskAbout(question.resource, caller) else {
            throw .forbidden("who may do something is for those who give roles there")
        }
        return world.graph.whoMay(question, at: world.time)
    }

    /// The topmost collections in which a team gives its members an operation, as far as the caller may know.
    public func whatMay(
        team: TeamName, of organization: AccountName, _ operation: ControlOperation, in world: WorldView,
        as caller: Caller
    ) throws(AccessError) -> [ControlHolding] {
        let (present, now) = (world.present, world.now)
        let account = present.accountID(named: organization)
        guard
            account.map({ present.allows(caller.actor, .readOrganization($0), at: now) })
                ?? present.allows(caller.actor, .administer, at: now)
                || present.allows(caller.actor, .askAnyDecision, at: now)
        else { throw .forbidden("you may not ask what \(organization)/\(team) may do") }
        guard let id = world.graph.accountID(named: organization).flatMap({ world.graph.teamID(named: team, in: $0) })
        else { return [] }
        return world.graph.whatMay(team: id, operation, at: world.time).filter { holding in
            world.mayAskWho(holding.collection, caller)
        }
    }

    /// The topmost collections in which somebody may do an operation. A caller who gives roles in some only is told of those.
    public func whatMay(
        _ subject: Principal, _ operation: ControlOperation, in world: WorldView, as caller: Caller
    ) throws(AccessError) -> [ControlHolding] {
        let (present, now) = (world.present, world.now)
        try world.requireSameNames(subject, nil, as: caller)
        let holdings = world.graph.whatMay(subject, operation, at: world.time)
        if present.mayAskEverything(caller.actor, about: subject, at: now) { return holdings }
        guard subject == .anonymous || present.givesRolesSomewhere(caller.actor, at: now) else {
            throw .forbidden("you may ask about yourself, and about others only where you give roles")
        }
        return holdings.filter { holding in
            world.mayAskWho(holding.collection, caller)
        }
    }

    /// What somebody may do with a resource, in the order of what is written: every operation of an engine, and of the others
    /// those that roles name; what has wildcards comes as it is.
    /// - Parameter question: its operations mean nothing.
    public func operations(
        of question: ControlQuestion, in world: WorldView, as caller: Caller
    ) throws(AccessError) -> [ControlOperation] {
        try world.requireToAsk(question, as: caller)
        guard let path = world.graph.collection(of: question.resource) else { return [] }
        return world.graph.operations(of: question.subject, in: path, at: world.time)
    }

    /// What of a type of others was placed in collections, or below them; in order.
    public func placed(type: String, in collections: [CollectionPath], in world: WorldView) -> [String] {
        world.graph.placed(type: type, in: collections)
    }

    /// Whether `caller` is the agent of a cluster or an engine.
    public func isAgent(_ caller: Caller) -> Bool {
        if case .serviceAccount(let id) = caller.actor { published.current.isAgent(id) } else { false }
    }

    /// Whether `caller` is believed where it says which collection a resource is in: decision readers and agents are.
    public func believes(_ caller: Caller, about site: ControlResource.SiteReference?, in world: WorldView) -> Bool {
        world.present.allows(caller.actor, .askAnyDecision, at: world.now)
            || world.present.allows(caller.actor, .administer, at: world.now)
            || site.map { world.present.isAgent(caller.actor, of: $0) } ?? false
    }
}

/// A decision of the control plane with everything that led to it, or that would lead to another one.
public struct ControlExplanation: Sendable {
    public let decision: ControlDecision
    /// For each of the decision's reasons its path, from the principal to the collection.
    public let paths: [[Explanation.Step]]
    /// Where the resource is; nil where that is no collection, or none that the principal may know of.
    public let collection: CollectionPath?
    /// Of a denial: the nearest things that would allow it.
    public let remedies: [ControlRemedy]
}

extension WorldView {
    /// Who somebody is in decisions; nil for who is no principal.
    public func principal(of caller: Caller) -> Principal? { present.principal(of: caller.actor) }

    /// Where a resource is; nil where that is no collection.
    public func collection(of resource: ControlResource) -> CollectionPath? { graph.collection(of: resource) }

    fileprivate func requireToAsk(_ question: ControlQuestion, as caller: Caller) throws(AccessError) {
        try requireSameNames(question.subject, nil, as: caller)
        if present.principal(of: caller.actor) == question.subject || question.subject == .anonymous { return }
        guard mayAskAbout(question.resource, caller) else {
            throw .forbidden("you may ask about yourself, and about others only where you give roles")
        }
    }

    /// Whether a caller may ask about everybody what they may do with a resource.
    fileprivate func mayAskAbout(_ resource: ControlResource, _ caller: Caller) -> Bool {
        if let site = resource.site, present.isAgent(caller.actor, of: site) { return true }
        return mayAskWho(resource, caller)
    }

    /// Decides, and tells of each place what the caller may know of it: their own, or where they give roles.
    fileprivate func explain(_ question: ControlQuestion, as caller: Caller) -> ControlDecision {
        let decision = graph.explain(question, at: time) { mayAskWho($0, caller) }
        if present.principal(of: caller.actor) == question.subject { return decision }
        let place = graph.collection(of: question.resource)
        return decision.telling { $0.asked == place || mayAskWho($0.asked, caller) }
    }

    /// The same without the agents, whose answers go on to whom they are about. In a past world the resource may have been in
    /// another collection: that one counts.
    fileprivate func mayAskWho(_ resource: ControlResource, _ caller: Caller) -> Bool {
        if present.allows(caller.actor, .askAnyDecision, at: now) { return true }
        return (graph.collection(of: resource) ?? present.collection(of: resource)).map { mayAskWho($0, caller) }
            ?? false
    }

    /// Whether a caller may know who has what in a collection of this world.
    func mayAskWho(_ path: CollectionPath, _ caller: Caller) -> Bool {
        present.mayAskWho(caller.actor, in: path, at: now) && isSame(path, for: caller)
    }

    func requireToAskWho(_ path: CollectionPath, as caller: Caller) throws(AccessError) {
        let isVisible = present.isVisible(path, to: caller.actor, at: now)
        guard isVisible || present.allows(caller.actor, .askAnyDecision, at: now) else {
            throw .notFound(kind: "collection", name: path.description)
        }
        guard graph.hasCollection(at: path) else { throw .notFound(kind: "collection", name: path.description) }
        guard mayAskWho(path, caller) else {
            throw .forbidden("only those who give roles on \(path) may ask who has them")
        }
    }

    /// Whether a collection of a past world is the one of that path today.
    func isSame(_ path: CollectionPath, for caller: Caller) -> Bool {
        guard graph.revision != present.revision, !present.allows(caller.actor, .askAnyDecision, at: now) else {
            return true
        }
        let (old, new) = (graph.collectionID(at: path), present.collectionID(at: path))
        return old == nil || new == nil || old == new
    }
}
