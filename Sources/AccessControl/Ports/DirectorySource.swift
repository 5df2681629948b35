public import AccessModel

/// Reads a company directory and lets its people prove who they are. Implemented over LDAP.
public protocol DirectorySource: Sendable {
    /// Reads all that the settings select, or what has changed since `mirror`, if the directory
    /// can tell. Never throws for a partial read: what is missing is told by the snapshot's
    /// completeness. Throws when nothing could be read at all (no server reached, TLS refused,
    /// bind refused) or when an incremental reading broke off.
    /// - Parameters:
    ///   - password: of the bind DN; nil for an anonymous bind.
    ///   - mirror: an earlier reading with the same settings; nil for a full one.
    ///   - watching: identities whose times of change a full reading is to tell.
    ///   - progress: called now and then with the number of entries read so far.
    func read(
        _ settings: DirectorySettings, password: String?, since mirror: DirectoryMirror?, watching: Set<String>,
        progress: @escaping @Sendable (Int) -> Void
    ) async throws(DirectoryError) -> DirectoryReading

    /// Whether `dn` binds with `password` (never called with an empty one) and is still the
    /// person `externalID`. Throws when the directory gave no answer to that.
    func verify(
        dn: String, externalID: String, password: String, settings: DirectorySettings
    ) async throws(DirectoryError) -> PasswordVerdict

    /// Throws when no server of the directory answers somebody without a name.
    func reach(_ settings: DirectorySettings) async throws(DirectoryError)

    /// The one person whom the search for users selects under this login or principal name; nil
    /// if there is none or several. Throws `.incomplete` if none was seen, and not all was.
    /// - Parameter bindPassword: of the bind DN; nil for an anonymous bind.
    func find(
        login: DirectoryLogin, _ settings: DirectorySettings, bindPassword: String?
    ) async throws(DirectoryError) -> DirectoryUser?

    /// When the password of the person `externalID` was set.
    /// - Parameter bindPassword: of the bind DN; nil for an anonymous bind.
    func passwordTime(
        externalID: String, _ settings: DirectorySettings, bindPassword: String?
    ) async throws(DirectoryError) -> DirectoryPasswordVersion

    /// Looks once more for what a reading did not give, or gave less of than there was.
    /// - Parameter bindPassword: of the bind DN; nil for an anonymous bind.
    func look(
        again question: SecondLook, _ settings: DirectorySettings, bindPassword: String?
    ) async throws(DirectoryError) -> SecondLook.Answer

    /// The distinguished names of the people with these SIDs, as far as the directory selects them.
    /// - Parameter bindPassword: of the bind DN; nil for an anonymous bind.
    func names(
        of sids: Set<String>, _ settings: DirectorySettings, bindPassword: String?
    ) async throws(DirectoryError) -> [String: String]

    /// Goes through all that a synchronisation needs, step by step, and says what it saw.
    /// - Parameters:
    ///   - login: whom to show as the sample; nil for anybody.
    ///   - known: the groups that the rules spoke of when they were read last, which they follow to other names.
    func test(
        _ settings: DirectorySettings, password: String?, login: String?, known: [KnownGroup]
    ) async -> [DirectoryCheckupStep]
}

/// What a directory says to a password.
public enum PasswordVerdict: Hashable, Sendable {
    case right
    /// It is right and has expired, and the directory accepts it so many times more.
    case expired(graceLogins: Int)
    case wrong
    /// Its person is locked, expired or must change it first: that says nothing of the password.
    case refused(reason: String)
}

/// When a password was set, as far as a directory tells.
public enum DirectoryPasswordVersion: Hashable, Sendable {
    case noSuchPerson
    case untold
    /// As the directory writes it.
    case set(String)
}

/// What a reading of a directory gave.
public struct DirectoryReading: Sendable {
    public var snapshot: DirectorySnapshot
    public var extent: SyncRun.Extent
    /// Of an incremental reading: how many entries were changed, new or gone.
    public var entriesChanged: Int
    /// What the next reading can begin from; nil where only a full one can follow.
    public var mirror: DirectoryMirror?
    /// How far the servers had come.
    public var clock: DirectoryClock
    /// What happened, for the run's log.
    public var log: [String]

    public init(
        snapshot: DirectorySnapshot, extent: SyncRun.Extent, entriesChanged: Int = 0, mirror: DirectoryMirror?,
        clock: DirectoryClock = DirectoryClock(), log: [String] = []
    ) {
        self.snapshot = snapshot
        self.extent = extent
        self.entriesChanged = entriesChanged
        self.mirror = mirror
        self.clock = clock
        self.log = log
    }
}

/// A directory as it was at a point of its own history, from which the next reading can go on.
public struct DirectoryMirror: Sendable {
    public let snapshot: DirectorySnapshot
    public let position: DirectoryPosition
    /// Names what the snapshot says, whatever the order: two with the same digest give the same plan.
    public let digest: String

    public init(snapshot: DirectorySnapshot, position: DirectoryPosition, digest: String) {
        self.snapshot = snapshot
        self.position = position
        self.digest = digest
    }
}

/// A point in the history of one server. That of one server means nothing to another.
public struct DirectoryPosition: Hashable, Sendable {
    public enum Mark: Hashable, Sendable {
        /// Active Directory: the cookie of the DirSync control, for the naming context; and the highest
        /// `uSNChanged` before it was asked for, which tells new objects from old ones.
        case dirSync(context: String, cookie: [UInt8], updateNumber: Int64)
        /// Active Directory: the highest `uSNChanged`, for the naming context.
        case updateNumber(context: String, Int64)
        /// OpenLDAP: the cookie of RFC 4533 for each base.
        case syncCookies([String: String])
        /// The newest `modifyTimestamp` seen, as the server writes it.
        case modifyTimestamp(String)
    }

    public var url: String
    /// Which server and which of its lives: the `invocationId` of a domain controller; empty elsewhere.
    public var server: String
    public var mark: Mark

    public init(url: String, server: String, mark: Mark) {
        self.url = url
        self.server = server
        self.mark = mark
    }
}

/// What somebody types to say who they are.
public enum DirectoryLogin: Hashable, Sendable {
    /// The value of the login attribute.
    case name(String)
    /// `elton@corp.example.com`: the value of the attribute for principal names.
    case principalName(String)
}

/// One step of a test of a directory.
public struct DirectoryCheckupStep: Hashable, Sendable, Codable {
    public enum Outcome: String, Hashable, Sendable, Codable, CaseIterable {
        case passed
        /// Works, and something should be known.
        case warning
        case failed
        /// Could not be tried after an earlier failure.
        case skipped
    }

    /// A word: `connect`, `tls`, `bind`, `users`, …
    public var step: String
    public var outcome: Outcome
    /// What was seen, in words.
    public var saw: String
    /// What to change; nil if nothing.
    public var advice: String?

    public init(_ step: String, _ outcome: Outcome, saw: String, advice: String? = nil) {
        self.step = step
        self.outcome = outcome
        self.saw = saw
        self.advice = advice
    }
}

/// Why a directory could not be read, in words for its administrator.
public enum DirectoryError: Error, Hashable, Sendable, CustomStringConvertible {
    /// No server answered; the reason names each URL tried.
    case unreachable(reason: String)
    /// The server's certificate does not verify, or TLS could not be started.
    case tlsRefused(url: String, reason: String)
    /// The bind DN or its password is wrong, or the account is disabled or expired.
    case bindRefused(dn: String, reason: String)
    /// The settings cannot be used: an unreadable CA file, a filter that does not parse, …
    case unusable(setting: String, reason: String)
    /// It answers, and not in full: a limit, a part that another server keeps, …
    case incomplete(reason: String)
    /// A server that has the password did not say what it is worth, and may have counted it as wrong.
    case unanswered(reason: String, isLastServer: Bool)
    /// The reading was given up because nobody waits for it any more.
    case cancelled

    public var description: String {
        switch self {
        case .unreachable(let reason): "the directory cannot be reached: \(reason)"
        case .tlsRefused(_, let reason): "no trusted TLS connection: \(reason)"
        case .bindRefused(let dn, let reason): "the directory refused to let \(dn) in: \(reason)"
        case .unusable(let setting, let reason): "the directory's setting \(setting) cannot be used: \(reason)"
        case .incomplete(let reason): "the directory does not answer in full: \(reason)"
        case .unanswered(let reason, _): "the directory did not say whether a password is right: \(reason)"
        case .cancelled: "the reading was cancelled"
        }
    }
}
