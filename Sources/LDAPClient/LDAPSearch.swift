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

    public init(
        base: String, scope: Scope = .subtree, filter: String = "(objectClass=*)", attributes: [String],
        pageSize: Int? = nil, controls: [LDAPControlValue] = []
    ) {
        self.base = base
        self.scope = scope
        self.filter = filter
        self.attributes = attributes
        self.pageSize = pageSize
        self.controls = controls
    }
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
