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

/// Where a principal stands in the graph.
enum PrincipalIndex: Hashable, Sendable {
    case anonymous
    case user(Int32)
    case serviceAccount(Int32)

    var isUser: Bool { if case .user = self { true } else { false } }

    /// In one word, so that lists of them sort quickly.
    var word: UInt64 {
        switch self {
        case .anonymous: 0
        case .serviceAccount(let index): 1 << 32 | UInt64(UInt32(bitPattern: index))
        case .user(let index): 2 << 32 | UInt64(UInt32(bitPattern: index))
        }
    }

    init(word: UInt64) {
        let index = Int32(truncatingIfNeeded: word)
        self = word >> 32 == 0 ? .anonymous : word >> 32 == 1 ? .serviceAccount(index) : .user(index)
    }
}

extension AccessGraph {
    /// nil for a user or service account that is not known.
    func index(of principal: Principal) -> PrincipalIndex? {
        switch principal {
        case .anonymous:
            .anonymous
        case .user(let name):
            index(named: name).flatMap { accounts[$0].isUser ? .user($0) : nil }
        case .serviceAccount(let owner, let name):
            index(ofServiceAccount: name, of: owner).map(PrincipalIndex.serviceAccount)
        }
    }

    func principal(at index: PrincipalIndex) -> Principal {
        switch index {
        case .anonymous: .anonymous
        case .user(let user): .user(accounts[user].name)
        case .serviceAccount(let service):
            .serviceAccount(owner: accounts[serviceAccounts[service].owner].name, name: serviceAccounts[service].name)
        }
    }

    func path(of repository: Int32) -> RepositoryPath {
        RepositoryPath(
            trustedNamespace: accounts[repositories[repository].namespace].name, name: repositories[repository].name)
    }

    /// An inactive principal has nothing; nor has a service account that has ended or whose owner is inactive.
    func isActive(_ principal: PrincipalIndex, at now: Timestamp) -> Bool {
        switch principal {
        case .anonymous: true
        case .user(let user): accounts[user].isActive
        case .serviceAccount(let service):
            serviceAccounts[service].isActive && now.microseconds < serviceAccounts[service].expiresAt
                && accounts[serviceAccounts[service].owner].isActive
        }
    }

    /// When a principal ends, whatever was given to it; `Int64.max` for never.
    func end(of principal: PrincipalIndex) -> Int64 {
        if case .serviceAccount(let service) = principal { serviceAccounts[service].expiresAt } else { .max }
    }
}
