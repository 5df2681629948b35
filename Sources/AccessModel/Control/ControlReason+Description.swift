extension ControlReason: CustomStringConvertible {
    /// A sentence for a person who has never seen the model.
    public var description: String {
        let until = expiresAt.map { ", until \($0)" } ?? ""
        let role = self.role?.rawValue ?? "everything"
        return switch source {
        case .systemAdministrator: "is a system administrator"
        case .direct: "was given \(role) on \(collection) directly\(until)"
        case .team(let organization, let path):
            "is a member of \(path.sentence(in: organization)), which has \(role) on \(collection)\(until)"
        case .organization(let name): "is a member of \(name), which has \(role) on \(collection)\(until)"
        case .everyone: "everyone has \(role) on \(collection)\(until)"
        case .privateCollection: "\(collection) is their own, where everybody has \(role)"
        }
    }

    /// The word that stands for the source in JSON.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        case systemAdministrator = "system-administrator"
        case directGrant = "direct-grant"
        case teamGrant = "team-grant"
        case organizationGrant = "organization-grant"
        case everyone
        case privateCollection = "private-collection"
    }

    public var kind: Kind {
        switch source {
        case .systemAdministrator: .systemAdministrator
        case .direct: .directGrant
        case .team: .teamGrant
        case .organization: .organizationGrant
        case .everyone: .everyone
        case .privateCollection: .privateCollection
        }
    }
}

extension ControlDenial: CustomStringConvertible {
    public var description: String {
        switch self {
        case .inactivePrincipal: "there is no such account, or it is inactive"
        case .nothingThere: "there is no such collection, or no access to it"
        case .lacking(let operation, let collection): "nothing gives \(operation) on \(collection)"
        }
    }
}
