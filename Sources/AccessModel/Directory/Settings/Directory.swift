/// A company directory that people, organisations and teams are kept in step with. Data, not
/// configuration: put by an administrator, recorded in the change log. Its password is not here.
public struct Directory: Hashable, Sendable, Codable {
    /// Lower case, the grammar of a team name.
    public var name: String
    public var settings: DirectorySettings

    public init(name: String, settings: DirectorySettings) {
        self.name = name
        self.settings = settings
    }
}

/// The settings of a directory, in the JSON of `PUT /v1/directories/{name}`. `init(from:)`
/// fills in what is absent: the preset's attributes and filters, and the defaults named here.
public struct DirectorySettings: Hashable, Sendable, Codable {
    public enum Preset: String, Hashable, Sendable, Codable, CaseIterable {
        case activeDirectory = "active-directory"
        case openLDAP = "openldap"
    }

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
    }

    /// Which attribute holds what.
    public struct Attributes: Hashable, Sendable, Codable {
        /// `sAMAccountName` (Active Directory) or `uid` (OpenLDAP).
        public var login: String
        public var fullName: String
        public var email: String
        /// `member`, or `memberUid` for posixGroup.
        public var member: String

        public init(login: String, fullName: String, email: String, member: String) {
            self.login = login
            self.fullName = fullName
            self.email = email
            self.member = member
        }

        enum CodingKeys: String, CodingKey {
            case login, email, member
            case fullName = "full_name"
        }
    }

    /// What the members of a group become. Exactly one of `team`, `organization` (with a role)
    /// and `systemAdmin`.
    public struct Rule: Hashable, Sendable, Codable {
        /// The group's DN, or its objectGUID / entryUUID.
        public var group: String
        public var feeds: Feed

        public init(group: String, feeds: Feed) {
            self.group = group
            self.feeds = feeds
        }
    }

    public enum Feed: Hashable, Sendable {
        case team(organization: AccountName, team: TeamName)
        case organization(AccountName, role: OrganizationMember.Role)
        case systemAdmin
    }

    /// Limits on what one synchronisation may do without a person's approval.
    public struct Brake: Hashable, Sendable, Codable {
        public var maxRemovals: Int
        public var maxPercent: Int
        public var maxTeamPercent: Int
        public var maxPromotions: Int
        public var maxAdditionsPercent: Int

        public init(
            maxRemovals: Int = 100, maxPercent: Int = 20, maxTeamPercent: Int = 50, maxPromotions: Int = 3,
            maxAdditionsPercent: Int = 50
        ) {
            self.maxRemovals = maxRemovals
            self.maxPercent = maxPercent
            self.maxTeamPercent = maxTeamPercent
            self.maxPromotions = maxPromotions
            self.maxAdditionsPercent = maxAdditionsPercent
        }

        enum CodingKeys: String, CodingKey {
            case maxRemovals = "max_removals"
            case maxPercent = "max_percent"
            case maxTeamPercent = "max_team_percent"
            case maxPromotions = "max_promotions"
            case maxAdditionsPercent = "max_additions_percent"
        }
    }

    public var preset: Preset
    /// `ldap://` or `ldaps://`, tried in order.
    public var urls: [String]
    public var tls: TLS
    public var bind: Bind?
    public var users: Search
    public var groups: Search
    public var attributes: Attributes
    public var rules: [Rule]
    public var brake: Brake
    /// Whether its people may log in with their directory password.
    public var allowsLogin: Bool
    /// Entries a page (RFC 2696); 500 by default.
    public var pageSize: Int
    /// Seconds for connecting and for each answer; 30 by default.
    public var timeout: Int

    public init(
        preset: Preset, urls: [String], tls: TLS, bind: Bind?, users: Search, groups: Search, attributes: Attributes,
        rules: [Rule], brake: Brake = Brake(), allowsLogin: Bool = true, pageSize: Int = 500, timeout: Int = 30
    ) {
        self.preset = preset
        self.urls = urls
        self.tls = tls
        self.bind = bind
        self.users = users
        self.groups = groups
        self.attributes = attributes
        self.rules = rules
        self.brake = brake
        self.allowsLogin = allowsLogin
        self.pageSize = pageSize
        self.timeout = timeout
    }
}
