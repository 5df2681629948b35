public import AccessModel

extension ContainerRegistry {
    /// Whether the caller may make a request of a registry, for a proxy in front of it. As with tokens, who asks has
    /// caught up before.
    public func mayMake(_ request: RegistryRequest, as caller: Caller) -> Bool {
        let (graph, now) = (published.current, clock.now)
        switch request {
        case .base: return caller.actor != .anonymous
        case .catalog: return caller.limit == nil && graph.allows(caller.actor, .administer, at: now)
        case .repositories(let needs):
            guard let principal = graph.principal(of: caller.actor) else { return false }
            return needs.allSatisfy { need in
                (caller.limit?.allows(need.action, on: need.repository) ?? true)
                    && graph.check(principal, need.action.action, need.repository, at: now).isAllowed
            }
        }
    }
}
