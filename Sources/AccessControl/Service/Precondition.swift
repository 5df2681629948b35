public import AccessModel

/// What a request expects of the version that it is about to change (RFC 9110, 13.1.1 and 13.1.2).
public struct Precondition: Hashable, Sendable {
    public enum Versions: Hashable, Sendable {
        /// Whichever is there.
        case any
        case these(Set<Revision>)

        /// - Parameter revision: 0 for what is not there.
        func contain(_ revision: Revision) -> Bool {
            switch self {
            case .any: revision > 0
            case .these(let revisions): revision > 0 && revisions.contains(revision)
            }
        }
    }

    /// What has to be there.
    public var match: Versions?
    /// What must not be there.
    public var noneMatch: Versions?

    public static let none = Precondition()

    public init(match: Versions? = nil, noneMatch: Versions? = nil) {
        (self.match, self.noneMatch) = (match, noneMatch)
    }

    /// - Parameter revision: 0 for what is not there.
    func isMet(by revision: Revision) -> Bool {
        (match?.contain(revision) ?? true) && !(noneMatch?.contain(revision) ?? false)
    }
}
