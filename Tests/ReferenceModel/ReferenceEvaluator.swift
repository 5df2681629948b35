public import AccessModel

/// The permission model once more, straight from its text: sets and loops over all facts, no
/// index, nothing of the graph. Slow, and meant to be believed on sight.
public struct ReferenceEvaluator: Sendable {
    public let world: World
    public let now: Timestamp

    public init(_ world: World, at now: Timestamp? = nil) {
        self.world = world
        self.now = now ?? world.now
    }

    /// "An inactive or unknown user or service account has nothing; a service account whose
    /// owner is inactive, or that has ended, has nothing."
    public func isActive(_ principal: Principal) -> Bool {
        principal == .anonymous || activeUser(principal) != nil || activeServiceAccount(principal) != nil
    }

    func activeUser(_ principal: Principal) -> Account? {
        world.accounts.first { $0.kind == .user && $0.isActive && principal == .user($0.name) }
    }

    func activeServiceAccount(_ principal: Principal) -> ServiceAccount? {
        world.serviceAccounts.first { service in
            service.isActive && service.expiresAt.map { now < $0 } ?? true
                && world.accounts.contains { owner in
                    owner.id == service.owner && owner.isActive
                        && principal == .serviceAccount(owner: owner.name, name: service.name)
                }
        }
    }

    /// The teams that `user` is a member of, directly or as a member of a team below.
    func teams(of user: Account) -> Set<TeamID> {
        Self.teams(above: Set(world.teamMembers.filter { $0.user == user.id }.map(\.team)), in: world)
    }

    /// `teams` and all above them.
    public static func teams(above teams: Set<TeamID>, in world: World) -> Set<TeamID> {
        var found = teams
        for _ in world.teams {
            for team in world.teams where found.contains(team.id) { found.formUnion([team.parent].compactMap(\.self)) }
        }
        return found
    }

    /// Rules 1 to 3.
    func isOwnerOrAdministrator(_ principal: Principal, of namespace: AccountID) -> Bool {
        guard let user = activeUser(principal) else { return false }
        let owned = OrganizationMember.Role.owner
        return user.isSystemAdmin || user.id == namespace
            || world.organizationMembers.contains {
                $0.organization == namespace && $0.user == user.id && $0.role == owned
            }
    }

    /// Rules 4 and 5: what grants on `target` give `principal`, in the namespace it belongs to.
    func granted(_ principal: Principal, on target: GrantTarget, in namespace: AccountID) -> [AccessLevel] {
        var subjects: Set<GrantSubject> = []
        if let user = activeUser(principal) {
            let reached = teams(of: user)
            let here = world.teams.filter { $0.organization == namespace && reached.contains($0.id) }
            subjects = Set(here.map { .team($0.id) })
            if case .repository = target { subjects.insert(.user(user.id)) }
        }
        if let service = activeServiceAccount(principal) { subjects = [.serviceAccount(service.id)] }
        let counting = world.grants.filter { grant in grant.expiresAt.map { now < $0 } ?? true }
        return counting.filter { $0.target == target && subjects.contains($0.subject) }.map(\.level)
    }

    /// The effective level on all of a namespace; nil for none.
    public func level(of principal: Principal, onAllOf namespace: AccountID) -> AccessLevel? {
        let given = granted(principal, on: .namespace(namespace), in: namespace)
        return isOwnerOrAdministrator(principal, of: namespace) ? .admin : given.max()
    }

    /// The effective level on a repository; nil for none, and where there is no repository.
    public func level(of principal: Principal, on path: RepositoryPath) -> AccessLevel? {
        guard isActive(principal), let repository = world.repository(at: path) else { return nil }
        let own = granted(principal, on: .repository(repository.id), in: repository.namespace)
        let open: [AccessLevel] = repository.visibility == .public ? [.readOnly] : []
        let wide = [level(of: principal, onAllOf: repository.namespace)].compactMap(\.self)
        return (own + open + wide).max()
    }

    public func check(_ principal: Principal, _ action: Action, _ path: RepositoryPath) -> Bool {
        if world.repository(at: path) == nil {
            return [.pull, .push].contains(action) && createsOnPush(principal, path)
        }
        return level(of: principal, on: path).map { $0 >= action.requiredLevel } ?? false
    }

    /// Whether a push makes the repository, which does not exist.
    public func createsOnPush(_ principal: Principal, _ path: RepositoryPath) -> Bool {
        guard let namespace = world.accounts.first(where: { $0.name == path.namespace }) else { return false }
        return namespace.createsRepositoriesOnPush
            && level(of: principal, onAllOf: namespace.id).map { $0 >= .readWrite } ?? false
    }

    public func whoMay(_ action: Action, _ path: RepositoryPath) -> [Principal] {
        world.principals.filter { check($0, action, path) }
    }

    public func whatMay(_ principal: Principal, _ action: Action) -> [RepositoryPath] {
        world.paths.filter { check(principal, action, $0) }
    }
}
