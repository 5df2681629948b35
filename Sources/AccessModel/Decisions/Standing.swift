extension AccessGraph {
    /// How somebody stands in the namespace of a repository that they may not use so, in a sentence: "elton is
    /// a member of nerd-dinner, but none of their 2 teams there has read-write". nil for what is not there.
    public func standing(of principal: Principal, _ action: Action, on path: RepositoryPath, at now: Timestamp)
        -> String?
    {
        guard index(at: path) != nil, let namespace = index(named: path.namespace) else { return nil }
        let needed = action.requiredLevel.rawValue
        guard let found = index(of: principal) else { return "there is no \(principal.kind) \(principal)" }
        guard isActive(found, at: now) else { return "\(principal) is inactive and has nothing" }
        switch found {
        case .anonymous:
            return "whoever has no name may pull what is public, and nothing else"
        case .serviceAccount:
            return "\(principal) was not given \(needed) on \(path), nor on all of \(path.namespace)"
        case .user(let user):
            var teams = 0
            var isMember = false
            accounts[user].memberships.forEach(in: namespace) { membership in
                if membership.team == nil { isMember = true } else { teams += 1 }
            }
            if accounts[namespace].isUser { return "\(path.namespace) has not given \(principal) \(needed) on it" }
            guard isMember else { return "\(principal) is no member of \(path.namespace), and has no \(needed) there" }
            return teams == 0
                ? "\(principal) is a member of \(path.namespace), and of none of its teams"
                : "\(principal) is a member of \(path.namespace), but no team of theirs has \(needed)"
        }
    }
}
