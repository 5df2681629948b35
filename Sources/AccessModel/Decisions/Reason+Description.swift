extension Reason: CustomStringConvertible {
    /// A sentence for a person who has never seen the model.
    public var description: String {
        let until = expiresAt.map { ", until \($0)" } ?? ""
        return switch source {
        case .systemAdministrator: "is a system administrator"
        case .namespaceOwner: "owns the namespace"
        case .organizationOwner(let organization): "is an owner of \(organization)"
        case .team(let organization, let path, let target):
            "is a member of \(path.sentence(in: organization)), which has \(level.rawValue) on \(target)\(until)"
        case .direct(let target): "was given \(level.rawValue) on \(target) directly\(until)"
        case .publicRepository: "the repository is public"
        case .createOnPush(let namespace):
            "the repository does not exist; a push makes it, since \(namespace) has create-on-push on"
        }
    }

    /// The word that stands for the source in JSON.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        case systemAdministrator = "system-administrator"
        case namespaceOwner = "namespace-owner"
        case organizationOwner = "organization-owner"
        case teamGrant = "team-grant"
        case directGrant = "direct-grant"
        case publicRepository = "public-repository"
        case createOnPush = "create-on-push"
    }

    public var kind: Kind {
        switch source {
        case .systemAdministrator: .systemAdministrator
        case .namespaceOwner: .namespaceOwner
        case .organizationOwner: .organizationOwner
        case .team: .teamGrant
        case .direct: .directGrant
        case .publicRepository: .publicRepository
        case .createOnPush: .createOnPush
        }
    }

    /// A total order among reasons of one level, so that the same question has the same answer.
    var sortKey: String { "\(kind.rawValue) \(description)" }
}

extension [TeamName] {
    /// From a team to one above it: "nerd-dinner/web, a team below nerd-dinner/dev".
    func sentence(in organization: AccountName) -> String {
        enumerated().map { place, team in
            place == 0 ? "\(organization)/\(team)" : "a team below \(organization)/\(team)"
        }
        .joined(separator: ", ")
    }
}

extension Reason.Target: CustomStringConvertible {
    public var description: String {
        switch self {
        case .repository(let path): path.description
        case .namespace(let name): "all of \(name)"
        }
    }
}

extension Denial: CustomStringConvertible {
    public var description: String {
        switch self {
        case .inactivePrincipal: "there is no such account, or it is inactive"
        case .nothingThere: "there is no such repository, or no access to it"
        case .insufficientLevel(let has, let needs):
            "the level is \(has.rawValue), and the action needs \(needs.rawValue)"
        }
    }
}
