extension DirectorySettings {
    public struct TLS: Hashable, Sendable, Encodable {
        public enum Mode: String, Hashable, Sendable, Encodable, CaseIterable { case ldaps, starttls, none }
        public var mode: Mode
        /// A PEM file of trusted CAs, under the setting `secrets.directory`; nil for the system's.
        public var caFile: String?
        /// Says in so many words that a password may cross the network in clear.
        public var allowCleartext: Bool

        public init(mode: Mode, caFile: String? = nil, allowCleartext: Bool = false) {
            self.mode = mode
            self.caFile = caFile
            self.allowCleartext = allowCleartext
        }

        enum CodingKeys: String, CodingKey {
            case mode
            case caFile = "ca_file"
            case allowCleartext = "allow_cleartext"
        }
    }

    public struct Bind: Hashable, Sendable, Encodable {
        public var dn: String
        /// A file that holds the password, under the setting `secrets.directory`; nil when the
        /// password was given with the directory and is kept encrypted.
        public var passwordFile: String?

        public init(dn: String, passwordFile: String? = nil) {
            self.dn = dn
            self.passwordFile = passwordFile
        }

        enum CodingKeys: String, CodingKey {
            case dn
            case passwordFile = "password_file"
        }
    }

    public struct Search: Hashable, Sendable, Encodable {
        public enum Scope: String, Hashable, Sendable, Encodable, CaseIterable { case subtree, one }
        public var base: String
        public var filter: String
        public var scope: Scope

        public init(base: String, filter: String, scope: Scope = .subtree) {
            self.base = base
            self.filter = filter
            self.scope = scope
        }

        /// Whether an entry of this name is where the search looks; the filter is for the server to tell.
        public func covers(_ name: DistinguishedName) -> Bool {
            guard let base = DistinguishedName(base) else { return false }
            return scope == .one ? name.isChild(of: base) : name.isWithin(base)
        }
    }

    /// Which attribute holds what.
    public struct Attributes: Hashable, Sendable, Encodable {
        /// `sAMAccountName` (Active Directory) or `uid` (OpenLDAP).
        public var login: String
        public var fullName: String
        public var email: String
        /// `member`, or `memberUid` for posixGroup.
        public var member: String
        /// `userPrincipalName`, a second name to log in with; empty if there is none.
        public var principalName: String
        /// What tells an entry from all others for ever; empty for the preset's own.
        public var identity: String
        /// Further marks of people who may not log in.
        public var inactive: [InactiveMark]

        public init(
            login: String, fullName: String, email: String, member: String, principalName: String = "",
            identity: String = "", inactive: [InactiveMark] = []
        ) {
            self.login = login
            self.fullName = fullName
            self.email = email
            self.member = member
            self.principalName = principalName
            self.identity = identity
            self.inactive = inactive
        }

        enum CodingKeys: String, CodingKey {
            case login, email, member, identity, inactive
            case fullName = "full_name"
            case principalName = "principal_name"
        }

        public func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            if !identity.isEmpty { try container.encode(identity, forKey: .identity) }
            try container.encode(login, forKey: .login)
            try container.encode(fullName, forKey: .fullName)
            try container.encode(email, forKey: .email)
            try container.encode(member, forKey: .member)
            try container.encode(principalName, forKey: .principalName)
            if !inactive.isEmpty { try container.encode(inactive, forKey: .inactive) }
        }
    }

    /// An attribute that says that somebody may not log in: `nsAccountLock` with any value but `FALSE`, `NO` and `0`,
    /// or `employeeStatus=ended` with that one.
    public struct InactiveMark: Hashable, Sendable, Encodable {
        public let attribute: String
        /// The value that is meant, compared without regard to case; nil for any that says yes.
        public let value: String?

        /// - Parameter text: `attribute` or `attribute=value`; nil where one of the two is no name or is empty.
        public init?(_ text: String) {
            let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard DirectorySettings.isAttribute(String(parts[0])), parts.count == 1 || !parts[1].isEmpty else {
                return nil
            }
            attribute = String(parts[0])
            value = parts.count == 2 ? String(parts[1]) : nil
        }

        public var text: String { value.map { "\(attribute)=\($0)" } ?? attribute }

        /// Whether one of an attribute's values says so.
        public func isSaid(by values: some Sequence<String>) -> Bool {
            values.contains { text in
                let text = Self.folded(text)
                return value.map { text == Self.folded($0) } ?? !["false", "no", "0", ""].contains(text)
            }
        }

        /// Without regard to case and to blanks at the ends, as directories compare.
        private static func folded(_ text: String) -> String {
            var rest = Substring(text.lowercased())
            while rest.first == " " { rest.removeFirst() }
            while rest.last == " " { rest.removeLast() }
            return String(rest)
        }

        public func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            try container.encode(text)
        }
    }
}
