import Foundation
import Glibc
import Synchronization

/// A server that a test started. It does not outlive the test process, however that ends.
package final class ServerProcess: Sendable {
    /// The server's own process id.
    package let pid: Int32
    private let shell: Int32
    private let lifeline: Int32
    private let log: String
    private let hasEnded = Mutex(false)

    // The shell waits for the server and the server's guardian for the end of its input, which comes when
    // the test process closes its end or dies. The guardian clears away the folder then.
    private static let script = """
        pid_file=$1; folder=$2; shift 2
        exec 3<&0
        "$@" </dev/null 3<&- & server=$!
        echo $server >"$pid_file.new" && mv "$pid_file.new" "$pid_file"
        { read line <&3; rm -rf "$folder"; kill -KILL $server; } >/dev/null 2>&1 & guardian=$!
        wait $server; status=$?
        kill $guardian; wait $guardian 2>/dev/null
        exit $status
        """

    /// Starts `arguments` in the foreground; what it prints goes to the file `server.log` in `folder`.
    package static func start(_ arguments: [String], in folder: TemporaryFolder) async throws -> ServerProcess {
        let (pidFile, log) = (folder.path("server.pid"), folder.path("server.log"))
        try? FileManager.default.removeItem(atPath: pidFile)
        var ends: [Int32] = [0, 0]
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else {
            throw ServerError("no pair of sockets: \(String(cString: strerror(errno)))")
        }
        defer { close(ends[0]) }
        let shell = try Command.spawn(
            ["/bin/sh", "-c", script, "sh", pidFile, folder.root] + arguments, input: ends[0], output: log)
        let pid = try await poll(for: .seconds(10), "the shell to start \(arguments[0])") {
            (try? String(contentsOfFile: pidFile, encoding: .utf8)).flatMap { pid_t($0.dropLast()) }
        }
        return ServerProcess(pid: pid, shell: shell, lifeline: ends[1], log: log)
    }

    private init(pid: Int32, shell: Int32, lifeline: Int32, log: String) {
        self.pid = pid
        self.shell = shell
        self.lifeline = lifeline
        self.log = log
    }

    deinit { close(lifeline) }

    /// Waits until `isReady` says so.
    /// - Throws: `ServerError` with the end of the server's output if it ends before, or takes too long.
    package func waitUntilReady(
        within limit: Duration = .seconds(60), _ isReady: @Sendable () async throws -> Bool
    ) async throws {
        do {
            try await poll(for: limit, "the server to answer") {
                guard !reap() else { throw ServerError("the server has ended") }
                return try await isReady() ? () : nil
            }
        } catch let error as ServerError {
            throw ServerError("\(error.reason). Its output ends with:\n\(tail())")
        }
    }

    /// Asks the server to end, and returns when it has.
    package func stop() async throws { try await end(with: SIGTERM) }

    /// Ends the server as a power cut would, and returns when it is gone.
    package func kill() async throws { try await end(with: SIGKILL) }

    private func end(with signal: Int32) async throws {
        guard !reap() else { return }
        Glibc.kill(pid, signal)
        try await poll(for: .seconds(30), "the server to end") { reap() ? () : nil }
    }

    /// Whether the server has ended.
    private func reap() -> Bool {
        hasEnded.withLock { hasEnded in
            var status: Int32 = 0
            if !hasEnded, waitpid(shell, &status, WNOHANG) == shell { hasEnded = true }
            return hasEnded
        }
    }

    private func tail() -> String {
        let output = (try? Data(contentsOf: URL(filePath: log))) ?? Data()
        return String(decoding: output.suffix(3000), as: UTF8.self)
    }
}

package struct ServerError: Error, CustomStringConvertible {
    package var reason: String
    package init(_ reason: String) { self.reason = reason }
    package var description: String { reason }
}

/// Asks again and again until the answer is not nil.
/// - Throws: `ServerError` when `limit` has passed, and what `answer` throws.
@discardableResult
package func poll<Answer>(
    for limit: Duration, _ what: String, _ answer: () async throws -> Answer?
) async throws -> Answer {
    let deadline = ContinuousClock.now + limit
    while true {
        if let answer = try await answer() { return answer }
        guard ContinuousClock.now < deadline else { throw ServerError("waited \(limit) in vain for \(what)") }
        try await Task.sleep(for: .milliseconds(5))
    }
}
