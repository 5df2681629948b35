/// What a search asks for (RFC 4511, 4.5.1).
public struct LDAPSearch: Hashable, Sendable {
    public enum Scope: Hashable, Sendable { case base, one, subtree }

    public var base: String
    public var scope: Scope
    /// RFC 4515. Values from outside go through `LDAPFilter.escape`.
    public var filter: String
    public var attributes: [String]
    /// Entries a page (RFC 2696); nil for one answer without pages.
    public var pageSize: Int?
    public var controls: [LDAPControlValue]
    public var limits: LDAPLimits

    public init(
        base: String, scope: Scope = .subtree, filter: String = "(objectClass=*)", attributes: [String],
        pageSize: Int? = nil, controls: [LDAPControlValue] = [], limits: LDAPLimits = .reading
    ) {
        self.base = base
        self.scope = scope
        self.filter = filter
        self.attributes = attributes
        self.pageSize = pageSize
        self.controls = controls
        self.limits = limits
    }
}

/// What an operation may give as a whole, with all its pages: a server that never ends its answer ends the
/// operation, with `.sizeLimitExceeded` or `.timeout`.
public struct LDAPLimits: Hashable, Sendable {
    /// Entries; also sent to the server as the limit of one answer if `asksServer`.
    public var entries: Int
    /// Read from the connection for one answer, or one page of it: that much may lie in memory.
    public var bytes: Int
    public var seconds: Int
    /// Whether the server is asked to keep to `entries` (RFC 4511, 4.5.1.4).
    public var asksServer: Bool

    public init(entries: Int, bytes: Int, seconds: Int, asksServer: Bool = false) {
        self.entries = entries
        self.bytes = bytes
        self.seconds = seconds
        self.asksServer = asksServer
    }

    /// For all people or groups of a company: ten million entries, pages of half a gibibyte, six hours.
    public static let reading = Self(entries: 10_000_000, bytes: 512 << 20, seconds: 21_600)
    /// For one person, whom at most two entries answer for.
    public static let login = Self(entries: 2, bytes: 4 << 20, seconds: 10, asksServer: true)
}

/// How a search ended that succeeded.
public struct LDAPSearchSummary: Hashable, Sendable {
    public var entries = 0
    public var pages = 0
    /// The page size that the server took; smaller than asked for if it refused that.
    public var pageSize: Int?
    /// URLs of continuation references (RFC 4511, 4.5.3), noted and not followed.
    public var referrals: [String] = []

    public init() {}
}
