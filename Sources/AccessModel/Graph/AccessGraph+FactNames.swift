// What a fact is about, for people.

extension AccessGraph {
    /// The names of what a fact is about: `elton in nerd-dinner/ops`. An identity stands for what is not in the graph.
    public func names(in fact: Fact) -> String {
        switch fact {
        case .account(let account): account.name.rawValue
        case .organizationMember(let member): "\(name(of: member.user)) in \(name(of: member.organization))"
        case .team(let team): "\(name(of: team.organization))/\(team.name)"
        case .teamMember(let member): "\(name(of: member.user)) in \(name(of: member.team))"
        case .serviceAccount(let service): "\(name(of: service.owner))+\(service.name)"
        case .repository(let repository): "\(name(of: repository.namespace))/\(repository.name)"
        case .grant(let grant): "\(grant.level.rawValue) on \(name(of: grant.target)) to \(name(of: grant.subject))"
        case .role(let role): role.name.rawValue
        case .collection(let collection): name(of: collection.id, or: collection.name)
        case .controlGrant(let grant):
            "\(name(of: grant.role)) on \(name(of: grant.collection)) to \(name(of: grant.subject))"
        case .site(let site): "\(site.form.rawValue) \(site.name)"
        case .placement(let placement): "\(name(of: placement.resource)) in \(name(of: placement.collection))"
        case .controlSettings: "the control plane"
        case .retiredName(let retired): retired.name.rawValue
        case .password(let password): name(of: password.account)
        case .accessToken(let token): "\(token.name) of \(name(of: token.holder))"
        case .directory(let directory): directory.name
        }
    }

    private func name(of id: AccountID) -> String { name(ofAccount: id)?.rawValue ?? id.rawValue }

    private func name(of id: TeamID) -> String {
        guard let index = principals.teams.find(id) else { return id.rawValue }
        let organization = principals.accounts.names[principals.teams.places[index].organization]
        return "\(organization)/\(principals.teams.nodes[index].name)"
    }

    private func name(of id: ServiceAccountID) -> String {
        principals.index(of: id).map { principals.principal(at: .serviceAccount($0)).description } ?? id.rawValue
    }

    private func name(of holder: TokenHolder) -> String {
        switch holder {
        case .user(let id): name(of: id)
        case .serviceAccount(let id): name(of: id)
        }
    }

    private func name(of subject: GrantSubject) -> String {
        switch subject {
        case .team(let id): name(of: id)
        case .user(let id): name(of: id)
        case .serviceAccount(let id): name(of: id)
        }
    }

    private func name(of id: RoleID) -> String {
        control.roles.find(id).map { "\(control.roles.nodes[$0].name)" } ?? "\(id)"
    }

    private func name(of id: CollectionID, or name: String? = nil) -> String {
        control.collections.find(id).map { path(ofCollection: $0).description } ?? name ?? id.rawValue
    }

    private func name(of subject: ControlSubject) -> String {
        switch subject {
        case .user(let id), .organization(let id): name(of: id)
        case .team(let id): name(of: id)
        case .serviceAccount(let id): name(of: id)
        case .everyone: "everyone"
        }
    }

    private func name(of resource: PlacedResource) -> String {
        let site = resource.site.map { id in control.sites.find(id).map { "\(control.sites.nodes[$0].name)" } ?? "\(id)"
        }
        return "\(resource.type) \(site.map { "\($0)/" } ?? "")\(resource.id)"
    }

    private func name(of target: GrantTarget) -> String {
        switch target {
        case .repository(let id): registry.repositories.find(id).map { path(of: $0).description } ?? id.rawValue
        case .namespace(let id): "\(name(of: id))/"
        }
    }
}
