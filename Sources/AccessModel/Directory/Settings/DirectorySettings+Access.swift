extension DirectorySettings {
    public struct TLS: Hashable, Sendable, Codable {
        public enum Mode: String, Hashable, Sendable, Codable { case ldaps, starttls, none }
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

    public struct Bind: Hashable, Sendable, Codable {
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

    public struct Search: Hashable, Sendable, Codable {
        public enum Scope: String, Hashable, Sendable, Codable { case subtree, one }
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
    public struct Attributes: Hashable, Sendable, Codable {
        /// `sAMAccountName` (Active Directory) or `uid` (OpenLDAP).
        public var login: String
        public var fullName: String
        public var email: String
        /// `member`, or `memberUid` for posixGroup.
        public var member: String
        /// `userPrincipalName`, a second name to log in with; empty if there is none.
        public var principalName: String

        public init(login: String, fullName: String, email: String, member: String, principalName: String = "") {
            self.login = login
            self.fullName = fullName
            self.email = email
            self.member = member
            self.principalName = principalName
        }

        enum CodingKeys: String, CodingKey {
            case login, email, member
            case fullName = "full_name"
            case principalName = "principal_name"
        }
    }
}
