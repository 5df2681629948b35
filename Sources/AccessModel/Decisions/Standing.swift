extension AccessGraph {
    /// How somebody stands in the namespace of a repository that they may not use so, in a sentence: "elton is
    /// a member of nerd-dinner, but no team of theirs has read-write". nil for what is not there.
    public func standing(of principal: Principal, _ action: Action, on path: RepositoryPath, at now: Timestamp)
        -> String?
    {
        guard index(at: path) != nil, let namespace = principals.accounts.find(path.namespace) else { return nil }
        let needed = action.requiredLevel.rawValue
        guard let found = principals.index(of: principal) else { return "there is no \(principal.kind) \(principal)" }
        guard principals.isActive(found, at: now) else { return "\(principal) is inactive and has nothing" }
        switch found {
        case .anonymous:
            return "whoever has no name may pull what is public, and nothing else"
        case .serviceAccount:
            return "\(principal) was not given \(needed) on \(path), nor on all of \(path.namespace)"
        case .user(let user):
            var teams = 0
            principals.forEachTeam(of: user, in: namespace) { _ in teams += 1 }
            if principals.accounts.has(.isUser, namespace) {
                return "\(path.namespace) has not given \(principal) \(needed) on it"
            }
            guard principals.isMember(user, of: namespace) else {
                return "\(principal) is no member of \(path.namespace), and has no \(needed) there"
            }
            return teams == 0
                ? "\(principal) is a member of \(path.namespace), and of none of its teams"
                : "\(principal) is a member of \(path.namespace), but no team of theirs has \(needed)"
        }
    }
}
