import CLDAP
import Glibc

extension LDAPConnection {
    /// Searches, page after page if a page size is given, and hands over each entry, a page behind
    /// the server.
    ///
    /// A server that refuses the page size (code 11 before the first entry) is asked again with half
    /// of it. What was handed over before an error is a part of the result, never all. A server
    /// keeps one paged search a connection: finish one before the next.
    /// - Parameters:
    ///   - summary: counts on; valid after an error too.
    ///   - each: throws to give the search up.
    public mutating func search(
        _ search: LDAPSearch, summary: inout LDAPSearchSummary, each: (LDAPEntry) throws(LDAPError) -> Void
    ) throws(LDAPError) {
        try check("search", [search.base, search.filter] + search.attributes)
        begin(search.limits)
        defer { endLimits() }
        summary.pageSize = search.pageSize
        var emptyPages = 0
        var cookie: [UInt8] = []
        var asked: Int32? = try ask(search, size: summary.pageSize, cookie: cookie)
        while let id = asked {
            var page = ReceivedPage()
            let answer = receive(id, into: &page, atMost: search.limits.entries - summary.entries)
            emptyPages = page.isEmpty ? emptyPages + 1 : 0
            guard emptyPages < Self.emptyPageLimit else {
                throw fail(LDAPError("search", .decodingError, "the server sends empty pages without end"))
            }
            if case .success(let answer) = answer, answer.code == .adminLimitExceeded, cookie.isEmpty, page.isEmpty,
                let size = summary.pageSize, size > 1
            {
                summary.pageSize = size / 2
                asked = try ask(search, size: size / 2, cookie: cookie)
                continue
            }
            // The server works on the next page while this one is taken apart.
            let next = following(answer, page, cookie, isPaged: summary.pageSize != nil, &summary)
            asked = nil
            var failure: LDAPError?
            do throws(LDAPError) {
                if let next = try next.get() {
                    cookie = next
                    asked = try ask(search, size: summary.pageSize, cookie: next)
                }
            } catch {
                failure = error
            }
            do throws(LDAPError) {
                try hand(over: page, summary: &summary, each: each)
            } catch {
                if let asked { abandon(asked) }
                throw error
            }
            if let failure { throw failure }
        }
    }

    /// Pages without an entry that may follow each other: an access rule may hide what is on them.
    private static let emptyPageLimit = 1_000

    /// The cookie to go on with after a page; nil after the last one.
    private mutating func following(
        _ answer: Result<LDAPAnswer, LDAPError>, _ page: borrowing ReceivedPage, _ cookie: [UInt8], isPaged: Bool,
        _ summary: inout LDAPSearchSummary
    ) -> Result<[UInt8]?, LDAPError> {
        let answered: LDAPAnswer
        do throws(LDAPError) { answered = try answer.get() } catch { return .failure(error) }
        summary.referrals += answered.referrals
        guard answered.code == .success else {
            return .failure(LDAPError("search", answered.code, answered.diagnostic))
        }
        summary.pages += 1
        guard isPaged else { return .success(nil) }
        guard let next = answered.pageCookie else {
            // A server that does not know the control sends everything at once and no control back.
            guard !cookie.isEmpty else { return .success(nil) }
            return .failure(fail(LDAPError("search", .decodingError, "a page came without the paging control")))
        }
        if next.isEmpty { return .success(nil) }
        guard next != cookie || !page.isEmpty else {
            let again = "the server sends the same empty page again and again"
            return .failure(fail(LDAPError("search", .decodingError, again)))
        }
        return .success(next)
    }

    /// All entries of a search at once.
    public mutating func search(_ search: LDAPSearch) throws(LDAPError) -> [LDAPEntry] {
        var entries: [LDAPEntry] = []
        var summary = LDAPSearchSummary()
        try self.search(search, summary: &summary) { entries.append($0) }
        return entries
    }

    /// Searches once, without pages, and hands over whatever the server answers before the result.
    /// - Returns: the result, whatever its code.
    mutating func exchange(
        _ search: LDAPSearch, each: (LDAPEvent) throws(LDAPError) -> Void
    ) throws(LDAPError) -> LDAPAnswer {
        try check("search", [search.base, search.filter] + search.attributes)
        begin(search.limits)
        defer { endLimits() }
        let id = try send(search, page: nil)
        return try receiveAll(id, each: each)
    }

    private mutating func ask(_ search: LDAPSearch, size: Int?, cookie: [UInt8]) throws(LDAPError) -> Int32 {
        beginAnswer(search.limits)
        var control: UnsafeMutablePointer<LDAPControl>?
        if let size { control = try pageControl(size, cookie) }
        defer { ldap_control_free(control) }
        return try send(search, page: control)
    }

    /// Takes the messages of a page as they are, so that nothing keeps the server waiting.
    /// - Parameter limit: the messages after which it is given up, with `.sizeLimitExceeded`.
    private mutating func receive(
        _ id: Int32, into page: inout ReceivedPage, atMost limit: Int
    ) -> Result<LDAPAnswer, LDAPError> {
        do throws(LDAPError) {
            while true {
                let message = try receiveSearch(id)
                guard ldap_msgtype(message) == Int32(LDAP_RES_SEARCH_RESULT) else {
                    page.messages.append(message)
                    guard page.messages.count <= limit + Self.referenceLimit else {
                        abandon(id)
                        throw LDAPError("search", .sizeLimitExceeded, "the server sends more than \(limit) entries")
                    }
                    continue
                }
                defer { ldap_msgfree(message) }
                return .success(try parse(message, "search"))
            }
        } catch {
            return .failure(error)
        }
    }

    /// Continuation references that may come beside the entries of a page.
    private static let referenceLimit = 1_000

    private mutating func hand(
        over page: borrowing ReceivedPage, summary: inout LDAPSearchSummary, each: (LDAPEntry) throws(LDAPError) -> Void
    ) throws(LDAPError) {
        for message in page.messages {
            switch ldap_msgtype(message) {
            case Int32(LDAP_RES_SEARCH_ENTRY):
                let entry = try entry(message)
                summary.entries += 1
                try each(entry)
            case Int32(LDAP_RES_SEARCH_REFERENCE):
                summary.referrals += try references(message)
            default:
                continue
            }
        }
    }

    /// Takes the messages of a search until its result. What `each` throws gives the search up.
    private mutating func receiveAll(
        _ id: Int32, each: (LDAPEvent) throws(LDAPError) -> Void
    ) throws(LDAPError) -> LDAPAnswer {
        while true {
            let message = try receiveSearch(id)
            defer { ldap_msgfree(message) }
            let event: LDAPEvent
            switch ldap_msgtype(message) {
            case Int32(LDAP_RES_SEARCH_ENTRY):
                // First, as reading the entry writes into the message.
                let controls = try entryControls(message)
                event = .entry(try entry(message), controls)
            case Int32(LDAP_RES_SEARCH_REFERENCE):
                event = .references(try references(message))
            case Int32(LDAP_RES_INTERMEDIATE):
                event = try intermediate(message)
            case Int32(LDAP_RES_SEARCH_RESULT):
                return try parse(message, "search")
            default:
                continue
            }
            do {
                try each(event)
            } catch {
                abandon(id)
                throw error
            }
        }
    }

    /// The next message of a search, to be freed by the caller.
    private mutating func receiveSearch(_ id: Int32) throws(LDAPError) -> OpaquePointer {
        let message = try receive(id, "search")
        do throws(LDAPError) {
            try require(
                message,
                [LDAP_RES_SEARCH_ENTRY, LDAP_RES_SEARCH_REFERENCE, LDAP_RES_INTERMEDIATE, LDAP_RES_SEARCH_RESULT],
                "search")
            return message
        } catch {
            ldap_msgfree(message)
            throw error
        }
    }

    private mutating func send(
        _ search: LDAPSearch, page: UnsafeMutablePointer<LDAPControl>?
    ) throws(LDAPError) -> Int32 {
        var made: [UnsafeMutablePointer<LDAPControl>?] = []
        defer { made.forEach { ldap_control_free($0) } }
        for control in search.controls { made.append(try make(control)) }
        var attributes: [UnsafeMutablePointer<CChar>?] = search.attributes.map { strdup($0) } + [nil]
        defer { attributes.forEach { free($0) } }
        var controls = made + (page.map { [$0] } ?? []) + [nil]
        var id: Int32 = 0
        let code = ldap_search_ext(
            handle, search.base, search.scope.rawValue, search.filter, &attributes, 0, &controls, nil, nil,
            search.limits.asksServer ? Int32(clamping: search.limits.entries) : 0, &id)
        guard code == LDAP_SUCCESS else { throw localError("search", code) }
        return id
    }

    private mutating func make(_ control: LDAPControlValue) throws(LDAPError) -> UnsafeMutablePointer<LDAPControl>? {
        var made: UnsafeMutablePointer<LDAPControl>?
        let isCritical: Int32 = control.isCritical ? 1 : 0
        guard let value = control.value else {
            let code = ldap_control_create(control.oid, isCritical, nil, 1, &made)
            guard code == LDAP_SUCCESS else { throw localError("search", code) }
            return made
        }
        var bytes = value.map(CChar.init(bitPattern:))
        let code = bytes.withUnsafeMutableBufferPointer { buffer in
            var value = berval(bv_len: ber_len_t(buffer.count), bv_val: buffer.baseAddress)
            return ldap_control_create(control.oid, isCritical, &value, 1, &made)
        }
        guard code == LDAP_SUCCESS else { throw localError("search", code) }
        return made
    }

    private mutating func pageControl(
        _ size: Int, _ cookie: [UInt8]
    ) throws(LDAPError) -> UnsafeMutablePointer<LDAPControl>? {
        var control: UnsafeMutablePointer<LDAPControl>?
        var bytes = cookie.map(CChar.init(bitPattern:))
        let code = bytes.withUnsafeMutableBufferPointer { buffer in
            var value = berval(bv_len: ber_len_t(buffer.count), bv_val: buffer.baseAddress)
            return ldap_create_page_control(handle, ber_int_t(clamping: size), &value, 0, &control)
        }
        guard code == LDAP_SUCCESS else { throw localError("search", code) }
        return control
    }
}

/// The messages of a page, but for its result.
private struct ReceivedPage: ~Copyable {
    var messages: [OpaquePointer] = []

    var isEmpty: Bool { messages.isEmpty }

    deinit { for message in messages { ldap_msgfree(message) } }
}

extension LDAPSearch.Scope {
    fileprivate var rawValue: Int32 {
        switch self {
        case .base: LDAP_SCOPE_BASE
        case .one: LDAP_SCOPE_ONELEVEL
        case .subtree: LDAP_SCOPE_SUBTREE
        }
    }
}
