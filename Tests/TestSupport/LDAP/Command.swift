import Foundation
import Glibc

/// Programs that the tests run: `openssl`, `ldapmodify`, …
package enum Command {
    /// Runs a program to its end and returns what it printed, on both streams.
    /// - Throws: `CommandError` with the end of that output if the exit status is not 0.
    @discardableResult
    package static func run(
        _ arguments: [String], input: String = "", environment: [String: String] = [:]
    ) async throws -> String {
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        let (inputFile, outputFile) = (folder.path("input"), folder.path("output"))
        try input.write(toFile: inputFile, atomically: false, encoding: .utf8)
        let pid = try spawn(arguments, environment: environment, input: inputFile, output: outputFile)
        let status = try await exitStatus(of: pid)
        let output = try String(decoding: Data(contentsOf: URL(filePath: outputFile)), as: UTF8.self)
        guard status == 0 else { throw CommandError(arguments: arguments, status: status, output: output) }
        return output
    }

    /// Starts a program and does not wait for it. Signals that this thread blocks, as the threads of
    /// a concurrency pool do, are not blocked in it: it must be possible to end it.
    static func spawn(
        _ arguments: [String], environment: [String: String] = [:], input: String, output: String
    ) throws -> pid_t {
        let descriptor = open(input, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw CommandError(arguments: arguments, status: errno, output: "no input") }
        defer { close(descriptor) }
        return try spawn(arguments, environment: environment, input: descriptor, output: output)
    }

    static func spawn(
        _ arguments: [String], environment: [String: String] = [:], input: Int32, output: String
    ) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, input, 0)
        posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)

        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var (none, all) = (sigset_t(), sigset_t())
        sigemptyset(&none)
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))

        let variables = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        var words: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
        var settings: [UnsafeMutablePointer<CChar>?] = variables.map { strdup("\($0)=\($1)") } + [nil]
        defer { (words + settings).forEach { free($0) } }
        var pid: pid_t = 0
        let error = posix_spawnp(&pid, arguments[0], &actions, &attributes, &words, &settings)
        guard error == 0 else {
            throw CommandError(arguments: arguments, status: error, output: String(cString: strerror(error)))
        }
        return pid
    }

    private static func exitStatus(of pid: pid_t) async throws -> Int32 {
        var status: Int32 = 0
        while waitpid(pid, &status, WNOHANG) == 0 {
            do {
                try await Task.sleep(for: .milliseconds(2))
            } catch {
                kill(pid, SIGKILL)
                waitpid(pid, &status, 0)
                throw error
            }
        }
        return status & 0x7F == 0 ? status >> 8 & 0xFF : -(status & 0x7F)
    }
}

package struct CommandError: Error, CustomStringConvertible {
    package var arguments: [String]
    /// The exit status, or the negative number of the signal.
    package var status: Int32
    package var output: String

    package var description: String {
        "\(arguments.joined(separator: " ")) ended with \(status):\n\(output.suffix(2000))"
    }
}
