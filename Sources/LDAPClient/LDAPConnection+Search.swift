import CLDAP
import Glibc

extension LDAPConnection {
    /// Searches, page after page if a page size is given, and hands over each entry as it arrives.
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
        summary.pageSize = search.pageSize
        var cookie: [UInt8] = []
        while true {
            let before = summary.entries
            let next: [UInt8]?
            do {
                next = try page(search, size: summary.pageSize, cookie: cookie, summary: &summary, each: each)
            } catch {
                guard error.code == .adminLimitExceeded, cookie.isEmpty, summary.entries == before,
                    let size = summary.pageSize, size > 1
                else { throw error }
                summary.pageSize = size / 2
                continue
            }
            summary.pages += 1
            guard summary.pageSize != nil else { return }
            guard let next else {
                // A server that does not know the control sends everything at once and no control back.
                guard !cookie.isEmpty else { return }
                throw fail(LDAPError("search", .decodingError, "a page came without the paging control"))
            }
            if next.isEmpty { return }
            guard next != cookie || summary.entries > before else {
                throw fail(LDAPError("search", .decodingError, "the server sends the same empty page again and again"))
            }
            cookie = next
        }
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
        let id = try send(search, page: nil)
        return try receiveAll(id, withControls: true, each: each)
    }

    private mutating func page(
        _ search: LDAPSearch, size: Int?, cookie: [UInt8], summary: inout LDAPSearchSummary,
        each: (LDAPEntry) throws(LDAPError) -> Void
    ) throws(LDAPError) -> [UInt8]? {
        var control: UnsafeMutablePointer<LDAPControl>?
        if let size { control = try pageControl(size, cookie) }
        defer { ldap_control_free(control) }
        let id = try send(search, page: control)
        var counted = summary
        defer { summary = counted }
        let answer = try receiveAll(id, withControls: false) { (event) throws(LDAPError) in
            switch event {
            case .entry(let entry, _):
                counted.entries += 1
                try each(entry)
            case .references(let urls): counted.referrals += urls
            case .intermediate: break
            }
        }
        counted.referrals += answer.referrals
        guard answer.code == .success else { throw LDAPError("search", answer.code, answer.diagnostic) }
        return answer.pageCookie
    }

    /// Takes the messages of a search until its result. What `each` throws gives the search up.
    private mutating func receiveAll(
        _ id: Int32, withControls: Bool, each: (LDAPEvent) throws(LDAPError) -> Void
    ) throws(LDAPError) -> LDAPAnswer {
        while true {
            let message = try receive(id, "search")
            defer { ldap_msgfree(message) }
            let event: LDAPEvent
            switch ldap_msgtype(message) {
            case Int32(LDAP_RES_SEARCH_ENTRY):
                // First, as reading the entry writes into the message.
                let controls = withControls ? try entryControls(message) : []
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
                ldap_abandon_ext(handle, id, nil, nil)
                throw error
            }
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
            handle, search.base, search.scope.rawValue, search.filter, &attributes, 0, &controls, nil, nil, 0, &id)
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

extension LDAPSearch.Scope {
    fileprivate var rawValue: Int32 {
        switch self {
        case .base: LDAP_SCOPE_BASE
        case .one: LDAP_SCOPE_ONELEVEL
        case .subtree: LDAP_SCOPE_SUBTREE
        }
    }
}
