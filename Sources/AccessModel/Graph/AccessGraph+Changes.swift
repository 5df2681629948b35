// How each kind of fact enters, leaves and changes in the graph.

extension AccessGraph {
    /// Takes in a fact, behind those that it names.
    public mutating func insert(_ fact: Fact) throws(GraphError) {
        switch fact {
        case .account(let account):
            let index = accounts.append(
                AccountNode(
                    id: account.id, name: account.name, isUser: account.kind == .user, isActive: account.isActive,
                    isSystemAdmin: account.isSystemAdmin, isDecisionReader: account.isDecisionReader,
                    createsRepositoriesOnPush: account.createsRepositoriesOnPush))
            accountsByID.insert(index, NameHash.hash(account.id.rawValue))
            accountsByName.insert(index, NameHash.hash(account.name.rawValue))
            if account.isSystemAdmin { administrators.append(index) }

        case .organizationMember(let member):
            let organization = try index(of: member.organization, for: fact)
            let user = try index(of: member.user, for: fact)
            let isNew = accounts[user].memberships.set(
                Membership(organization: organization, team: nil, isRaised: member.role == .owner))
            accounts[organization].members.set(user, isRaised: member.role == .owner, isNew: isNew)
            accounts[organization].owners.drop(user)
            if member.role == .owner { accounts[organization].owners.append(user) }

        case .team(let team):
            let organization = try index(of: team.organization, for: fact)
            let parent = try team.parent.map { (id) throws(GraphError) in try self.index(of: id, for: fact) }
            let index = teams.append(TeamNode(id: team.id, name: team.name, organization: organization, parent: parent))
            teamsByID.insert(index, NameHash.hash(team.id.rawValue))
            accounts[organization].ownedTeams.append(index)
            if let parent { teams[parent].children.append(index) }

        case .teamMember(let member):
            let team = try index(of: member.team, for: fact)
            let user = try index(of: member.user, for: fact)
            let isNew = accounts[user].memberships.set(
                Membership(
                    organization: teams[team].organization, team: team, isRaised: member.role == .maintainer))
            teams[team].members.set(user, isRaised: member.role == .maintainer, isNew: isNew)

        case .serviceAccount(let service):
            let owner = try index(of: service.owner, for: fact)
            let index = serviceAccounts.append(
                ServiceAccountNode(
                    id: service.id, name: service.name, owner: owner, isActive: service.isActive,
                    isDecisionReader: service.isDecisionReader,
                    expiresAt: service.expiresAt?.microseconds ?? .max))
            serviceAccountsByID.insert(index, NameHash.hash(service.id.rawValue))
            serviceAccountsByName.insert(index, NameHash.hash(service.name.rawValue, in: owner))
            accounts[owner].serviceAccounts.append(index)

        case .repository(let repository):
            let namespace = try index(of: repository.namespace, for: fact)
            let index = repositories.append(
                RepositoryNode(
                    id: repository.id, name: repository.name, namespace: namespace,
                    isPublic: repository.visibility == .public))
            repositoriesByID.insert(index, NameHash.hash(repository.id.rawValue))
            repositoriesByName.insert(index, NameHash.hash(repository.name, in: namespace))
            accounts[namespace].repositories.append(index)
            if repository.visibility == .public { publicRepositories.append(index) }

        case .grant(let grant):
            let (subject, target) = try ends(of: grant)
            let expiry = grant.expiresAt?.microseconds ?? .max
            withHeld(by: subject) { $0.set(GrantLink(end: target, level: grant.level, expiresAt: expiry)) }
            withGrants(on: target) { $0.set(GrantLink(end: subject, level: grant.level, expiresAt: expiry)) }

        case .retiredName, .password, .accessToken, .directory:
            break
        }
    }

    mutating func remove(_ fact: Fact) throws(GraphError) {
        switch fact {
        case .account(let account):
            let index = try index(of: account.id, for: fact)
            accounts[index].exists = false
            accounts[index].isActive = false
            ranks?.accounts.forget(index)
            administrators.drop(index)
            accountsByID.remove(index, NameHash.hash(account.id.rawValue))
            accountsByName.remove(index, NameHash.hash(account.name.rawValue))

        case .organizationMember(let member):
            let organization = try index(of: member.organization, for: fact)
            let user = try index(of: member.user, for: fact)
            accounts[organization].members.remove(user)
            accounts[organization].owners.drop(user)
            accounts[user].memberships.remove(organization: organization, team: nil)

        case .team(let team):
            let index = try index(of: team.id, for: fact)
            teams[index].exists = false
            if let parent = teams[index].parent { teams[parent].children.drop(index) }
            accounts[teams[index].organization].ownedTeams.drop(index)
            teamsByID.remove(index, NameHash.hash(team.id.rawValue))

        case .teamMember(let member):
            let team = try index(of: member.team, for: fact)
            let user = try index(of: member.user, for: fact)
            teams[team].members.remove(user)
            accounts[user].memberships.remove(organization: teams[team].organization, team: team)

        case .serviceAccount(let service):
            let index = try index(of: service.id, for: fact)
            let owner = serviceAccounts[index].owner
            serviceAccounts[index].exists = false
            serviceAccounts[index].isActive = false
            accounts[owner].serviceAccounts.drop(index)
            serviceAccountsByID.remove(index, NameHash.hash(service.id.rawValue))
            serviceAccountsByName.remove(index, NameHash.hash(service.name.rawValue, in: owner))

        case .repository(let repository):
            let index = try index(of: repository.id, for: fact)
            let namespace = repositories[index].namespace
            repositories[index].exists = false
            accounts[namespace].repositories.drop(index)
            publicRepositories.drop(index)
            repositoriesByID.remove(index, NameHash.hash(repository.id.rawValue))
            repositoriesByName.remove(index, NameHash.hash(repository.name, in: namespace))

        case .grant(let grant):
            let (subject, target) = try ends(of: grant)
            withHeld(by: subject) { $0.remove(target) }
            withGrants(on: target) { $0.remove(subject) }

        case .retiredName, .password, .accessToken, .directory:
            break
        }
    }

    mutating func replace(_ before: Fact, with after: Fact) throws(GraphError) {
        switch (before, after) {
        case (.account(let old), .account(let new)):
            let index = try index(of: new.id, for: after)
            if old.name != new.name {
                accountsByName.remove(index, NameHash.hash(old.name.rawValue))
                accountsByName.insert(index, NameHash.hash(new.name.rawValue))
                for repository in accounts[index].repositories { ranks?.repositories.forget(repository) }
            }
            if old.name != new.name || old.isActive != new.isActive { ranks?.accounts.forget(index) }
            if old.isSystemAdmin != new.isSystemAdmin {
                if new.isSystemAdmin { administrators.append(index) } else { administrators.drop(index) }
            }
            accounts[index].name = new.name
            accounts[index].isActive = new.isActive
            accounts[index].isSystemAdmin = new.isSystemAdmin
            accounts[index].isDecisionReader = new.isDecisionReader
            accounts[index].createsRepositoriesOnPush = new.createsRepositoriesOnPush

        case (.team, .team(let new)):
            let index = try index(of: new.id, for: after)
            let parent = try new.parent.map { (id) throws(GraphError) in try self.index(of: id, for: after) }
            if teams[index].parent != parent {
                var ancestor = parent
                while let team = ancestor {
                    // No command makes a circle, and nothing that walks up a tree would end in one.
                    guard team != index else { throw .dangling(after.key) }
                    ancestor = teams[team].parent
                }
                if let old = teams[index].parent { teams[old].children.drop(index) }
                if let parent { teams[parent].children.append(index) }
                teams[index].parent = parent
            }
            teams[index].name = new.name

        case (.serviceAccount(let old), .serviceAccount(let new)):
            let index = try index(of: new.id, for: after)
            if old.name != new.name || old.owner != new.owner {
                let (from, owner) = (serviceAccounts[index].owner, try self.index(of: new.owner, for: after))
                serviceAccountsByName.remove(index, NameHash.hash(old.name.rawValue, in: from))
                serviceAccountsByName.insert(index, NameHash.hash(new.name.rawValue, in: owner))
                accounts[from].serviceAccounts.drop(index)
                accounts[owner].serviceAccounts.append(index)
                serviceAccounts[index].name = new.name
                serviceAccounts[index].owner = owner
            }
            serviceAccounts[index].isActive = new.isActive
            serviceAccounts[index].isDecisionReader = new.isDecisionReader
            serviceAccounts[index].expiresAt = new.expiresAt?.microseconds ?? .max

        case (.repository(let old), .repository(let new)):
            let index = try index(of: new.id, for: after)
            if old.name != new.name || old.namespace != new.namespace {
                let (from, namespace) = (repositories[index].namespace, try self.index(of: new.namespace, for: after))
                repositoriesByName.remove(index, NameHash.hash(old.name, in: from))
                repositoriesByName.insert(index, NameHash.hash(new.name, in: namespace))
                accounts[from].repositories.drop(index)
                accounts[namespace].repositories.append(index)
                repositories[index].name = new.name
                repositories[index].namespace = namespace
                ranks?.repositories.forget(index)
            }
            if old.visibility != new.visibility {
                repositories[index].isPublic = new.visibility == .public
                if new.visibility == .public {
                    publicRepositories.append(index)
                } else {
                    publicRepositories.drop(index)
                }
            }

        case (.organizationMember, _), (.teamMember, _), (.grant, _):
            try insert(after)

        default:
            try remove(before)
            try insert(after)
        }
    }

    private func index(of id: AccountID, for fact: Fact) throws(GraphError) -> Int32 {
        guard let index = index(of: id) else { throw .dangling(fact.key) }
        return index
    }

    private func index(of id: TeamID, for fact: Fact) throws(GraphError) -> Int32 {
        guard let index = index(of: id) else { throw .dangling(fact.key) }
        return index
    }

    private func index(of id: ServiceAccountID, for fact: Fact) throws(GraphError) -> Int32 {
        guard let index = index(of: id) else { throw .dangling(fact.key) }
        return index
    }

    private func index(of id: RepositoryID, for fact: Fact) throws(GraphError) -> Int32 {
        guard let index = index(of: id) else { throw .dangling(fact.key) }
        return index
    }

    private func ends(of grant: Grant) throws(GraphError) -> (subject: GrantEnd, target: GrantEnd) {
        let fact = Fact.grant(grant)
        let subject =
            switch grant.subject {
            case .team(let id): GrantEnd(.team, try index(of: id, for: fact))
            case .user(let id): GrantEnd(.user, try index(of: id, for: fact))
            case .serviceAccount(let id): GrantEnd(.serviceAccount, try index(of: id, for: fact))
            }
        let target =
            switch grant.target {
            case .repository(let id): GrantEnd(.repository, try index(of: id, for: fact))
            case .namespace(let id): GrantEnd(.namespace, try index(of: id, for: fact))
            }
        return (subject, target)
    }

    private mutating func withHeld(by subject: GrantEnd, _ body: (inout GrantLinks) -> Void) {
        switch subject.kind {
        case .team: body(&teams[subject.index].held)
        case .user: body(&accounts[subject.index].held)
        default: body(&serviceAccounts[subject.index].held)
        }
    }

    private mutating func withGrants(on target: GrantEnd, _ body: (inout GrantLinks) -> Void) {
        switch target.kind {
        case .repository: body(&repositories[target.index].grants)
        default: body(&accounts[target.index].grants)
        }
    }
}
