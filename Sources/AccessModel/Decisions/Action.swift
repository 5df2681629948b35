/// What may be asked for on a repository.
public enum Action: String, Hashable, Sendable, Codable, CaseIterable {
    case view, pull
    case push, scan, sign
    case deleteTag = "delete-tag"
    case editDescription = "edit-description"
    case setVisibility = "set-visibility"
    case manageAccess = "manage-access"
    case deleteRepository = "delete-repository"

    /// The least level that allows the action: the whole matrix is here.
    public var requiredLevel: AccessLevel {
        switch self {
        case .view, .pull: .readOnly
        case .push, .scan, .sign, .deleteTag: .readWrite
        case .editDescription, .setVisibility, .manageAccess, .deleteRepository: .admin
        }
    }
}
