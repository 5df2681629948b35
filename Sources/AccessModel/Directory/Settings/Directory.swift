/// A company directory that people, organisations and teams are kept in step with. Data, not
/// configuration: put by an administrator, recorded in the change log. Its password is not here.
public struct Directory: FactValue {
    public static let kind = Fact.Kind.directory
    public var key: FactKey { FactKey(Self.kind, name) }
    public var changeKeys: [ChangeKey] { [.directory(named: name)] }
    public var concerned: [Concerned] { [] }

    /// Lower case, the grammar of a team name.
    public var name: String
    public var settings: DirectorySettings

    public init(name: String, settings: DirectorySettings) {
        self.name = name
        self.settings = settings
    }
}

/// The settings of a directory, in the JSON of `PUT /v1/directories/{name}`. `init(json:)`
/// fills in what is absent: the preset's attributes and filters, and the defaults named here.
public struct DirectorySettings: Hashable, Sendable {
    public enum Preset: String, Hashable, Sendable, Encodable, CaseIterable {
        case activeDirectory = "active-directory"
        case openLDAP = "openldap"
        case freeIPA = "freeipa"
        /// Any other server: the settings name every attribute and filter.
        case custom
    }

    /// Whether memberships that a person made stay in a team that a rule feeds.
    public enum LocalMembers: String, Hashable, Sendable, Encodable, CaseIterable {
        case keep
        /// The team is exactly what the groups say.
        case remove
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
    /// Tried in order for every group: the first that fits is the group's.
    public var patterns: [GroupPattern] = []
    public var brake: Brake
    /// What people have here who are gone rests for so long, until another complete reading agrees.
    public var confirmsLeaversAfter = SyncInterval(hours: 6)
    /// Days after which the account of somebody who left is deleted; nil keeps it, inactive.
    public var deletesLeaversAfterDays: Int?
    public var localMembers = LocalMembers.keep
    /// When the service synchronises what has changed; nil for never.
    public var schedule: SyncSchedule?
    /// When the service reads everything anew; nil for every hour, if there is a `schedule`. Alone it
    /// is the only schedule.
    public var fullSchedule: SyncSchedule?
    /// Among several directories, the lowest comes first; then by name.
    public var order = 0
    /// Whether its people may log in with their directory password.
    public var allowsLogin: Bool
    /// Accounts are made at the first login, and not by synchronisation.
    public var justInTime = false
    /// Seconds for which a password that the directory accepted is not asked again.
    public var loginMemory = 60
    /// Wrong passwords of a person that reach the directory before one is right: less than lock them out there.
    public var loginAttempts = 5
    /// What stands before the backslash in `CORP\elton`; nil for the first label of the domain's name.
    public var netBIOSName: String?
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
