extension WindowsDirectory.State {
    /// What Windows answers to a search.
    func answer(_ request: SearchRequest, isBound: Bool, pages: inout SearchPages) -> SearchAnswer {
        if request.base.isEmpty, request.scope == .base { return rootDSE(request) }
        guard isBound else { return .refused(.notBound) }
        let known = request.wireControls.filter { settings.supportedControls.contains($0.oid) }
        guard request.wireControls.allSatisfy({ !$0.isCritical || settings.supportedControls.contains($0.oid) }) else {
            return .refused(.unknownControl)
        }
        let takes = { (oid: String) in known.contains { $0.oid == oid } }
        if takes(WindowsOID.dirSync) { return dirSync(request) }
        let showsDeleted = settings.showsDeleted && takes(WindowsOID.showDeleted)
        guard let base = database.base(of: request), showsDeleted || !base.isDeleted else {
            return .refused(unknownBase(request.base))
        }
        guard takes(WindowsOID.pagedResults) else {
            return unpaged(request, at: base, showsDeleted: showsDeleted)
        }
        return paged(request, at: base, showsDeleted: showsDeleted, &pages)
    }

    func wire(_ entry: WindowsEntry, _ selection: AttributeSelection) -> WireEntry {
        let attributes = selection.apply(all: database.attributeNames(of: entry)) {
            database.attribute($0, of: entry)
        }
        return WireEntry(dn: entry.name.text, attributes: attributes)
    }

    private func unpaged(_ request: SearchRequest, at base: WindowsEntry, showsDeleted: Bool) -> SearchAnswer {
        let found = database.results(of: request, at: base, showsDeleted: showsDeleted)
        let selection = AttributeSelection(request, maxValues: settings.maxValRange)
        let count = min(settings.maxPageSize, request.sizeLimit > 0 ? request.sizeLimit : .max)
        return SearchAnswer(
            entries: found.prefix(count).map { wire($0, selection) },
            references: found.count > count ? [] : references(request, base),
            result: found.count > count ? .sizeLimitExceeded : .success)
    }

    /// The entries are chosen at the first page, and sent as they are when their page comes.
    private func paged(
        _ request: SearchRequest, at base: WindowsEntry, showsDeleted: Bool, _ pages: inout SearchPages
    ) -> SearchAnswer {
        guard let (size, cookie) = request.page else { return .refused(.badControl) }
        var rest: [Int]
        if cookie.isEmpty {
            rest = database.results(of: request, at: base, showsDeleted: showsDeleted).map(\.id)
        } else {
            guard let kept = pages.take(cookie) else { return .refused(.badControl) }
            rest = kept
        }
        let limit = request.sizeLimit > 0 ? request.sizeLimit : .max
        let count = min(max(0, size), settings.maxPageSize, limit)
        let entries = rest.prefix(count).compactMap { database.entries[$0] }
            .filter { database.isFound($0, by: request, showsDeleted: showsDeleted) }
        rest.removeFirst(min(count, rest.count))
        let isLimited = limit <= count && !rest.isEmpty
        // A page of no entries gives the search up.
        let next = count == 0 || isLimited ? [] : pages.keep(rest)
        let isLast = rest.isEmpty && !isLimited
        let selection = AttributeSelection(request, maxValues: settings.maxValRange)
        let value = BER.sequence(BER.number(0), BER.bytes(next))
        return SearchAnswer(
            entries: entries.map { wire($0, selection) }, references: isLast ? references(request, base) : [],
            result: isLimited ? .sizeLimitExceeded : .success,
            controls: [WireControl(WindowsOID.pagedResults, value: value)])
    }

    private func rootDSE(_ request: SearchRequest) -> SearchAnswer {
        let (base, configuration) = (WindowsDirectory.base, WindowsDirectory.configuration)
        let attributes = [
            ("namingContexts", [base, configuration, "CN=Schema,\(configuration)"]),
            ("defaultNamingContext", [base]), ("rootDomainNamingContext", [base]),
            ("configurationNamingContext", [configuration]), ("dsServiceName", [WindowsDirectory.settingsName]),
            ("dnsHostName", ["dc1.win.example.com"]), ("highestCommittedUSN", [String(database.usn)]),
            ("supportedControl", settings.supportedControls), ("supportedLDAPVersion", ["3", "2"]),
            ("supportedCapabilities", [WindowsOID.activeDirectory]),
        ]
        let selection = AttributeSelection(request, maxValues: settings.maxValRange)
        let selected = selection.apply(all: attributes.map(\.0)) { name in
            let (name, values) = attributes.first { $0.0.lowercased() == name.lowercased() } ?? (name, [])
            return WireAttribute(name: name, values: values.map { Array($0.utf8) })
        }
        return SearchAnswer(entries: [WireEntry(dn: "", attributes: selected)])
    }
}
