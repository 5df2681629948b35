import AccessModel
import LDAPClient

/// The first entries that a search gives, enough to judge it by.
///
/// It goes on past a page: slapd's size limit, 500 where nobody has set one, counts over all pages.
struct EntrySample {
    static let limit = 1_000

    private(set) var entries: [LDAPEntry] = []
    private(set) var hasMore = false
    /// References to other servers, which would not be followed.
    private(set) var referrals: [String] = []
    /// What ended it before its time, by the server's word.
    private(set) var error: LDAPError?

    /// - Throws: only for what makes the connection useless, for a filter that does not parse, and when
    ///   the test is given up.
    init(
        _ search: DirectorySettings.Search, passing extra: String = "", attributes: [String],
        _ settings: DirectorySettings, _ connection: inout LDAPConnection, _ cancellation: LDAPCancellation
    ) throws(LDAPError) {
        let request = LDAPSearch(
            base: search.base, scope: LDAPSearch.Scope(search.scope),
            filter: extra.isEmpty ? search.filter : "(&\(search.filter)\(extra))", attributes: attributes,
            pageSize: max(1, settings.pageSize))
        var summary = LDAPSearchSummary()
        var entries: [LDAPEntry] = []
        var hasMore = false
        do throws(LDAPError) {
            try connection.search(request, summary: &summary) { (entry) throws(LDAPError) in
                guard !cancellation.isCancelled else { throw LDAPError("search", .cancelled) }
                guard entries.count < Self.limit else {
                    hasMore = true
                    throw LDAPError("search", .cancelled)
                }
                entries.append(entry)
            }
        } catch {
            if error.code.isLocal, !hasMore { throw error }
            if !hasMore { self.error = error }
        }
        self.entries = entries
        self.hasMore = hasMore
        referrals = summary.referrals.filter { !EntrySearch.isDirectorysOwn($0) }
    }

    /// "1 group", "1000 and more groups".
    func counted(_ one: String, _ many: String? = nil) -> String {
        guard hasMore || error != nil, !entries.isEmpty else {
            return DirectoryCheckup.counted(entries.count, one, many)
        }
        return "\(entries.count) and more \(many ?? one + "s")"
    }
}
