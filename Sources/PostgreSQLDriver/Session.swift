import CLibPQ
import Glibc
import SQLStore

/// A connection to one server, for one thread at a time. Statements are sent in pipelines: what is sent is answered at
/// the next `synchronize`, and after a failure nothing more of the same pipeline is done (libpq, "Pipeline Mode").
///
/// Nothing waits for longer than it says. A server that has not answered by then counts as lost: its connection is
/// closed, never cancelled, as a cancelled COMMIT may be answered with success.
final class Session {
    /// Which of the servers it is to.
    let place: Int

    /// What a statement that was sent has to give.
    enum Expectation {
        case anything
        /// One row that is changed, deleted or found.
        case oneRow(table: String)
    }

    private let handle: OpaquePointer
    private let notices = Notices()
    private var expectations: [Expectation] = []
    private var names: [String: String] = [:]
    /// Texts of statements whose preparation is in the pipeline.
    private var preparing: [String] = []
    private var nameCount = 0
    private var parameters = Parameters()
    private(set) var isLost = false
    /// Whether a pipeline was ended whose answer nobody has waited for.
    private var isOwedAnswer = false

    /// - Parameters:
    ///   - parameters: of one server, by libpq's keywords.
    ///   - place: which of the servers that is.
    ///   - limit: how long it may take to connect. A name is looked up before, for as long as the system's resolver takes.
    /// - Throws: `ServerFailure`.
    init(
        _ parameters: [(keyword: String, value: String)], place: Int, within limit: Duration
    ) throws(ServerFailure) {
        self.place = place
        let end = Deadline(in: limit)
        let texts = parameters.map { (strdup($0.keyword), strdup($0.value)) }
        defer {
            for (keyword, value) in texts {
                free(keyword)
                free(value)
            }
        }
        let keywords = texts.map { UnsafePointer($0.0) } + [nil]
        let values = texts.map { UnsafePointer($0.1) } + [nil]
        guard let handle = PQconnectStartParams(keywords, values, 0) else { throw .lost("there is no memory") }
        // From here on `deinit` closes it, whatever happens.
        self.handle = handle
        var next = PGRES_POLLING_WRITING
        while PQstatus(handle) != CONNECTION_BAD, next != PGRES_POLLING_OK {
            guard next != PGRES_POLLING_FAILED,
                end.wait(for: next == PGRES_POLLING_READING ? POLLIN : POLLOUT, on: PQsocket(handle))
            else { break }
            next = PQconnectPoll(handle)
        }
        guard PQstatus(handle) == CONNECTION_OK else {
            let said = String(cString: PQerrorMessage(handle))
            // A failed connection has no SQLSTATE. Another try with the same password gives nothing else.
            if PQconnectionNeedsPassword(handle) == 1 || PQconnectionUsedPassword(handle) == 1 {
                throw ServerFailure(state: "28P01", message: said)
            }
            throw .lost(said.isEmpty ? "no connection within \(limit)" : said)
        }
        PQsetNoticeReceiver(handle, { Notices.receive($0, $1) }, Unmanaged.passUnretained(notices).toOpaque())
        PQsetnonblocking(handle, 1)
        PQenterPipelineMode(handle)
    }

    deinit { PQfinish(handle) }

    /// As in `150018`.
    var serverVersion: Int { Int(PQserverVersion(handle)) }

    /// Whether one of them must change a row, which only its answer tells.
    var expectsRows: Bool {
        expectations.contains { if case .oneRow = $0 { true } else { false } }
    }

    /// How many statements were sent since the last `synchronize`.
    var pendingCount: Int { expectations.count }

    /// Whether the connection is still there, as far as can be told without waiting.
    func isUsable() -> Bool {
        guard !isLost else { return false }
        takeInput()
        if PQstatus(handle) == CONNECTION_BAD { isLost = true }
        return !isLost
    }

    /// Takes in what has come, without waiting. Twice, as the first time may leave something: the end behind the last words
    /// of a server, or the rest of a TLS record, which nobody sees on the socket.
    private func takeInput() {
        if PQconsumeInput(handle) == 0 || PQconsumeInput(handle) == 0 { isLost = true }
    }

    /// Gives the connection up, whose state is not known.
    func abandon() { isLost = true }

    // MARK: Statements

    /// Sends a statement with parameters `?`, which is prepared once.
    func send(
        _ sql: String, _ arguments: [SQLValue], expecting expectation: Expectation = .anything
    ) throws(ServerFailure) {
        try settle()
        let name: String
        if let known = names[sql] {
            name = known
        } else {
            nameCount += 1
            name = "s\(nameCount)"
            try sent(PQsendPrepare(handle, name, numbered(sql), 0, nil))
            names[sql] = name
            preparing.append(sql)
            expectations.append(.anything)
        }
        try sent(
            parameters.with(arguments) { count, values, lengths, formats in
                PQsendQueryPrepared(handle, name, count, values, lengths, formats, 1)
            })
        expectations.append(expectation)
    }

    /// Sends a statement that is not worth preparing.
    func sendOnce(
        _ sql: String, _ arguments: [SQLValue] = [], expecting expectation: Expectation = .anything
    ) throws(ServerFailure) {
        try settle()
        try sent(
            parameters.with(arguments) { count, values, lengths, formats in
                PQsendQueryParams(
                    handle, arguments.isEmpty ? sql : numbered(sql), count, nil, values, lengths, formats, 1)
            })
        expectations.append(expectation)
    }

    /// Ends the pipeline, and waits until all of it is done.
    /// - Returns: the result of the last statement; nil if nothing was sent.
    @discardableResult
    func synchronize(within limit: Duration) throws -> StatementResult? {
        guard !expectations.isEmpty else { return nil }
        try sent(PQpipelineSync(handle))
        return try answers(within: limit)
    }

    /// Ends the pipeline without waiting; what it is answered is of no interest.
    func synchronizeLater() throws(ServerFailure) {
        guard !expectations.isEmpty else { return }
        try sent(PQpipelineSync(handle))
        if PQflush(handle) < 0 { throw lose() }
        isOwedAnswer = true
    }

    /// Ends a transaction of which nothing is to be kept. The connection is given up where it is not known whether it has
    /// ended.
    /// - Parameter isAwaited: whether to wait for the answer; else that is taken at the next use.
    func rollBack(isAwaited: Bool, within limit: Duration, log: (String) -> Void) {
        guard !isLost else { return }
        do {
            // Behind a failure nothing more of a pipeline is done. What failed is known, or of no interest.
            do {
                try synchronize(within: limit)
            } catch let failure as ServerFailure where !failure.isLoss {
            } catch is MissingRow {}
            try sendOnce("ROLLBACK")
            if isAwaited { try synchronize(within: limit) } else { try synchronizeLater() }
        } catch {
            log("\(error)")
            abandon()
        }
    }

    private func settle() throws(ServerFailure) {
        guard isOwedAnswer else { return }
        isOwedAnswer = false
        do {
            try answers(within: .seconds(5))
        } catch let failure as ServerFailure where failure.isLoss {
            throw failure
        } catch {
            // A transaction that only read has nothing to lose.
        }
    }

    @discardableResult
    private func answers(within limit: Duration) throws -> StatementResult? {
        let end = Deadline(in: limit)
        var (place, failure, last): (Int, (any Error)?, StatementResult?) = (0, nil, nil)
        try flush(until: end)
        while let result = try next(until: end) {
            let expectation = place < expectations.count ? expectations[place] : .anything
            switch PQresultStatus(result.pointer) {
            case PGRES_PIPELINE_SYNC:
                let prepared = preparing
                (expectations, preparing) = ([], [])
                guard let failure else { return last }
                // Whether they were prepared is not known; another name is as good.
                for sql in prepared { names[sql] = nil }
                throw failure
            case PGRES_COMMAND_OK, PGRES_TUPLES_OK:
                if case .oneRow(let table) = expectation, result.changedRows != 1, failure == nil {
                    failure = MissingRow(table: table)
                }
                last = result
            case PGRES_PIPELINE_ABORTED: break
            default: failure = failure ?? result.failure
            }
            place += 1
        }
        throw lose()
    }

    /// The next result of a pipeline, of which each statement has one.
    private func next(until end: Deadline) throws(ServerFailure) -> StatementResult? {
        while true {
            try input(until: end)
            if let result = PQgetResult(handle) { return StatementResult(result) }
            // The end of a statement's results.
            if PQstatus(handle) == CONNECTION_BAD { throw lose() }
        }
    }

    private func input(until end: Deadline) throws(ServerFailure) {
        while PQisBusy(handle) == 1 {
            guard end.wait(for: POLLIN, on: PQsocket(handle)) else { throw lose("no answer in time") }
            takeInput()
            if isLost { throw lose() }
        }
    }

    /// Sends all that waits. What the server says meanwhile is taken in, or both sides would wait for each other.
    private func flush(until end: Deadline) throws(ServerFailure) {
        while true {
            let state = PQflush(handle)
            if state == 0 { return }
            guard state > 0 else { throw lose() }
            guard end.wait(for: POLLIN | POLLOUT, on: PQsocket(handle)) else { throw lose("no answer in time") }
            takeInput()
            if isLost { throw lose() }
        }
    }

    private func sent(_ isAccepted: CInt) throws(ServerFailure) {
        guard isAccepted == 1 else { throw lose() }
    }

    private func lose(_ reason: String? = nil) -> ServerFailure {
        isLost = true
        return .lost(reason ?? String(cString: PQerrorMessage(handle)))
    }

    // MARK: Outside of pipelines

    /// Runs statements without parameters, one after the other. Nothing may be pending.
    func run(script: String, within limit: Duration) throws {
        try outsideOfPipeline {
            try sent(PQsendQuery(handle, script))
            try finish(until: Deadline(in: limit))
        }
    }

    /// Inserts rows by COPY, which costs the server a third of as many statements.
    func copy(_ rows: [[SQLValue]], by insert: SQLInsert, within limit: Duration) throws {
        try outsideOfPipeline {
            let end = Deadline(in: limit)
            let columns = insert.columns.joined(separator: ", ")
            try sent(PQsendQuery(handle, "COPY \(insert.table) (\(columns)) FROM STDIN (FORMAT binary)"))
            try flush(until: end)
            guard let begin = try next(until: end) else { throw lose() }
            guard PQresultStatus(begin.pointer) == PGRES_COPY_IN else {
                try finish(until: end)
                throw begin.failure
            }
            var bytes = BinaryCopy.header
            for row in rows {
                BinaryCopy.append(row, to: &bytes)
                if bytes.count >= 1 << 16 { try put(&bytes, until: end) }
            }
            bytes += BinaryCopy.trailer
            try put(&bytes, until: end)
            while PQputCopyEnd(handle, nil) == 0 {
                guard end.wait(for: POLLOUT, on: PQsocket(handle)) else { throw lose("no answer in time") }
            }
            try finish(until: end)
        }
    }

    private func put(_ bytes: inout [UInt8], until end: Deadline) throws {
        while true {
            let state = bytes.withUnsafeBytes { buffer in
                PQputCopyData(handle, buffer.baseAddress?.assumingMemoryBound(to: CChar.self), CInt(buffer.count))
            }
            guard state >= 0 else { throw lose() }
            if state == 1 { break }
            guard end.wait(for: POLLOUT, on: PQsocket(handle)) else { throw lose("no answer in time") }
        }
        bytes.removeAll(keepingCapacity: true)
        try flush(until: end)
    }

    /// Takes the results of what was sent outside of a pipeline, to their end.
    private func finish(until end: Deadline) throws {
        try flush(until: end)
        var failure: ServerFailure?
        while true {
            try input(until: end)
            guard let pointer = PQgetResult(handle) else { break }
            let result = StatementResult(pointer)
            switch PQresultStatus(pointer) {
            case PGRES_COMMAND_OK, PGRES_TUPLES_OK: break
            default: failure = failure ?? result.failure
            }
        }
        if let failure { throw failure }
    }

    private func outsideOfPipeline(_ body: () throws -> Void) throws {
        try settle()
        precondition(expectations.isEmpty, "a pipeline is not ended")
        try sent(PQexitPipelineMode(handle))
        defer { if !isLost, PQenterPipelineMode(handle) != 1 { isLost = true } }
        try body()
    }

    // MARK: Notices

    /// Sends COMMIT and waits until the transaction is kept, here and wherever else the server is to have it.
    /// - Returns: a warning of the server: it was kept, and not everywhere.
    func commit(within limit: Duration) throws -> String? {
        notices.warning = nil
        try sendOnce("COMMIT")
        let answer = try synchronize(within: limit)
        // A transaction that has failed is rolled back by COMMIT, which is no failure.
        guard answer?.command == "COMMIT" else {
            throw ServerFailure(state: "25P02", message: "COMMIT was answered with \(answer?.command ?? "nothing")")
        }
        return notices.warning
    }

    /// `$1`, `$2` … for `?`.
    private func numbered(_ sql: String) -> String {
        var (text, count, isQuoted) = ("", 0, false)
        for scalar in sql.unicodeScalars {
            if scalar == "'" { isQuoted.toggle() }
            if scalar == "?", !isQuoted {
                count += 1
                text += "$\(count)"
            } else {
                text.unicodeScalars.append(scalar)
            }
        }
        return text
    }
}

/// A row that was to be changed is not there.
struct MissingRow: Error {
    let table: String
}

/// What the server says unasked.
private final class Notices {
    var warning: String?

    static func receive(_ context: UnsafeMutableRawPointer?, _ result: OpaquePointer?) {
        guard let context, let result,
            let severity = PQresultErrorField(result, CInt(UInt8(ascii: "V"))), String(cString: severity) == "WARNING"
        else { return }
        let notices = Unmanaged<Notices>.fromOpaque(context).takeUnretainedValue()
        if notices.warning == nil { notices.warning = String(cString: PQresultErrorMessage(result)) }
    }
}
