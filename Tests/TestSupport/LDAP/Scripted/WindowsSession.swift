/// One connection of a client, served by one thread.
final class WindowsSession {
    private let directory: WindowsDirectory
    private var stream: BERStream
    private var account: String?
    private var pages = SearchPages()

    init(_ directory: WindowsDirectory, _ connection: Int32) {
        self.directory = directory
        stream = BERStream(connection)
    }

    /// Answers until either side ends the connection.
    func run() {
        while let bytes = stream.next(), let message = try? WireMessage(bytes), handle(message) {}
    }

    /// - Returns: whether the connection goes on.
    private func handle(_ message: WireMessage) -> Bool {
        switch message.operation {
        case .bind(let name, let password):
            count(.bind)
            return send(.bind(bind(name, password)), to: message)
        case .unbind:
            count(.unbind)
            return false
        case .abandon:
            // Every search has been answered in full before its abandoning is read.
            count(.abandon)
            return true
        case .extended(let oid, _):
            count(.extended)
            return send(extended(oid), to: message)
        case .search(let request): return search(request, message)
        case .other(let tag):
            count(.other)
            return send(.other(tag: tag | 1, WireResult(code: 53, diagnostic: "only to be read")), to: message)
        }
    }

    private func bind(_ name: String, _ password: String?) -> WireResult {
        account = nil
        pages = SearchPages()
        guard let password else {
            return WireResult(code: 7, diagnostic: "00002027: LdapErr: DSID-0C0905E2, comment: unsupported, data 0")
        }
        // A bind without a password succeeds and is anonymous.
        if password.isEmpty { return .success }
        let (right, refusal) = directory.state.withLock { state in
            (state.passwords[name.lowercased()], state.refusals[name.lowercased()])
        }
        guard right == password else { return .wrongPassword }
        if let refusal { return .refusedBind(data: refusal) }
        account = name
        return .success
    }

    private func extended(_ oid: String) -> WireResponse {
        switch oid {
        case WindowsOID.whoAmI: .extended(.success, value: Array((account.map { "u:\($0)" } ?? "").utf8))
        case "1.3.6.1.4.1.1466.20037": .extended(.noTLS, oid: oid)
        default: .extended(.unsupported)
        }
    }

    private func search(_ request: SearchRequest, _ message: WireMessage) -> Bool {
        let (request, script) = directory.note(request)
        let scripted = script?(request)
        let isBound = account != nil
        var answer = directory.state.withLock { $0.answer(request, isBound: isBound, pages: &pages) }
        if case .result(let code, let diagnostic, let referrals, let entries) = scripted {
            answer.entries = Array(answer.entries.prefix(entries))
            answer.references = []
            answer.controls = []
            answer.result = WireResult(code: code, diagnostic: diagnostic, referrals: referrals)
        }
        if case .entries(let change) = scripted { change(&answer.entries) }
        let messages = answer.messages(message.id)
        switch scripted {
        case .close(let count):
            _ = stream.send(Array(messages.prefix(count).joined()))
            return false
        case .silence(let count):
            _ = stream.send(Array(messages.prefix(count).joined()))
            BERStream.drain(stream.descriptor)
            return false
        case .result, .entries, nil: return stream.send(Array(messages.joined()))
        }
    }

    private func send(_ response: WireResponse, to message: WireMessage) -> Bool {
        stream.send(response.message(message.id))
    }

    private func count(_ kind: WindowsDirectory.RequestKind) {
        directory.state.withLock { $0.counts[kind, default: 0] += 1 }
    }
}

extension WindowsDirectory {
    /// Counts and logs a search, and returns it with its number and the script.
    fileprivate func note(_ request: SearchRequest) -> (SearchRequest, (@Sendable (SearchRequest) -> Scripted?)?) {
        state.withLock { state in
            state.counts[.search, default: 0] += 1
            var request = request
            request.number = state.counts[.search] ?? 0
            state.requests.append(request)
            return (request, state.onSearch)
        }
    }
}
