/// Who asks, or is asked about, by name.
public enum Principal: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// Somebody without a name.
    case anonymous
    case user(AccountName)
    case serviceAccount(owner: AccountName, name: TeamName)

    /// Parses `anonymous`, `elton`, or `owner+name`.
    public init(_ text: some StringProtocol) throws(NameError) {
        if text == "anonymous" {
            self = .anonymous
        } else if let plus = text.firstIndex(of: "+") {
            self = .serviceAccount(
                owner: try AccountName(text[..<plus]),
                name: try TeamName(text[text.index(after: plus)...], kind: "service account name"))
        } else {
            self = .user(try AccountName(text))
        }
    }

    public var description: String {
        switch self {
        case .anonymous: "anonymous"
        case .user(let name): name.rawValue
        case .serviceAccount(let owner, let name): "\(owner)+\(name)"
        }
    }

    /// The word that stands for the kind in AuthZEN and JSON.
    public var kind: String {
        switch self {
        case .anonymous: "anonymous"
        case .user: "user"
        case .serviceAccount: "service-account"
        }
    }

    /// By kind, then by name.
    public static func < (left: Self, right: Self) -> Bool {
        switch (left, right) {
        case (.user(let left), .user(let right)): left < right
        case (.serviceAccount(let left, let name), .serviceAccount(let right, let other)):
            left == right ? name < other : left < right
        default: left.kind < right.kind
        }
    }
}
