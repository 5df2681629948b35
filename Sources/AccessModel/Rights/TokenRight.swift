/// What a token may do about tokens. Without one of these a token makes none, whoever holds it.
///
/// `Owner` is how accounts are written: by name where people name them, by identity where they are kept.
public enum TokenRight<Owner: Hashable & Sendable>: Hashable, Sendable {
    /// Make the token that takes its own place.
    case rotate
    /// List, make, rotate and revoke the tokens of the service accounts of a user or an organisation. It is for that
    /// account's own service accounts, and for users who manage them anyway.
    case manageTokens(of: Owner)

    /// The same about the account that another form of `Owner` means; nil if there is none.
    public func of<Other, Failure: Error>(
        _ other: (Owner) throws(Failure) -> Other?
    ) throws(Failure) -> TokenRight<Other>? {
        switch self {
        case .rotate: .rotate
        case .manageTokens(let owner): try other(owner).map { .manageTokens(of: $0) }
        }
    }
}

extension TokenRight: CustomStringConvertible where Owner: CustomStringConvertible {
    /// `rotate` or `manage-tokens:OWNER`.
    public var description: String {
        switch self {
        case .rotate: TokenRightWord.rotate
        case .manageTokens(let owner): "\(TokenRightWord.manageTokens)\(owner)"
        }
    }
}

extension TokenRight<String> {
    /// Parses `description`.
    public init(_ text: String) throws(NameError) {
        if text == TokenRightWord.rotate {
            self = .rotate
        } else if text.hasPrefix(TokenRightWord.manageTokens) {
            self = .manageTokens(of: String(text.dropFirst(TokenRightWord.manageTokens.count)))
        } else {
            throw NameError("right of a token", text, "use rotate or manage-tokens:OWNER")
        }
    }
}

private enum TokenRightWord {
    static let rotate = "rotate"
    static let manageTokens = "manage-tokens:"
}

/// The rights of one token, each once and in the order of their descriptions.
public struct TokenRights: Hashable, Sendable, CustomStringConvertible {
    public let all: [TokenRight<AccountID>]

    public static let none = TokenRights([])

    public init(_ rights: some Sequence<TokenRight<AccountID>>) {
        all = Set(rights).sorted { $0.description < $1.description }
    }

    /// Parses `description`.
    public init(_ text: String) throws(NameError) {
        let rights = try text.split(separator: " ").map { (word) throws(NameError) in
            try TokenRight<String>(String(word)).of { AccountID(rawValue: $0) }
        }
        self.init(rights.compactMap(\.self))
    }

    /// `manage-tokens:6c5fwrq91an2ec2 rotate`: the form in which they are kept.
    public var description: String { all.map(\.description).joined(separator: " ") }

    public func contains(_ right: TokenRight<AccountID>) -> Bool { all.contains(right) }

    /// The accounts that they are about.
    public var owners: [AccountID] {
        all.compactMap { if case .manageTokens(let owner) = $0 { owner } else { nil } }
    }
}
