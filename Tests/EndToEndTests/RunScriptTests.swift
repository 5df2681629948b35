import Foundation
import Glibc
import TestSupport
import Testing

/// What `make run` does once everything is built, as a newcomer meets it.
@Suite(.timeLimit(.minutes(5)))
struct RunScriptTests {
    @Test func `the sample company starts, does what the welcome says, stops, and goes on`() async throws {
        let folder = try TemporaryFolder("run")
        defer { folder.remove() }
        let first = try await start(in: folder)
        let commands = try welcomeCommands(first.screen)
        try #require(commands.count == 10, "eight things to try and the way back: \(commands)")

        try await expect(commands[0], 0, "elton")
        try await expect(commands[1], 0, "allowed")
        try await expect(commands[2], 0, "")
        try await expect(commands[3], nil, "denied")
        try await expect(commands[4], 0, "revision")
        // The service sees what a command writes to its file a moment later.
        try await poll(for: .seconds(2), "elton to be refused") {
            try await shell(commands[5]).status != 0 ? () : nil
        }
        try await expect(commands[5], nil, "denied")
        try await expect(commands[7], 0, "elton")
        try await expect(commands[8], 1, "What would allow it")
        try await expect(commands[9], 0, "/prod")
        let children = try await descendants(of: first.process.pid)
        #expect(children.count >= 3, "slapd, portreeve and a registry")

        Glibc.kill(first.process.pid, SIGINT)
        try await poll(for: .seconds(30), "everything to stop") { isAlive(first.process.pid) ? nil : () }
        #expect(children.filter(isAlive).isEmpty, "no child outlives the script")
        #expect(try screen(of: folder).contains("Stopped."))

        let second = try await start(in: folder)
        // The data is still there, and so is what was taken away.
        let again = try welcomeCommands(second.screen)
        try await expect(again[0], 0, "admin", without: "elton")
        try await expect(again[6], 0, "revision")
        try await expect(again[0], 0, "elton")
        try await second.process.stop()
    }

    private struct Run {
        var process: ServerProcess
        /// What it has printed, to the end of the welcome.
        var screen: String
    }

    private func start(in folder: TemporaryFolder) async throws -> Run {
        let log = folder.path("server.log")
        try? FileManager.default.removeItem(atPath: log)
        // A shell that is not interactive starts it with SIGINT ignored, unlike a terminal.
        let process = try await ServerProcess.start(
            [
                "env", "--default-signal=INT", "PORTREEVE_RUN_DIR=\(folder.path("data"))",
                "PORTREEVE_EXECUTABLE=\(try Checkout.executable())", Checkout.path("Scripts/run"),
            ], in: folder)
        try await process.waitUntilReady(within: .seconds(90)) {
            try screen(of: folder).contains("Ctrl-C stops everything.")
        }
        return Run(process: process, screen: try screen(of: folder))
    }

    private func screen(of folder: TemporaryFolder) throws -> String {
        try String(contentsOfFile: folder.path("server.log"), encoding: .utf8)
    }

    /// The commands of the welcome, in order, as they are to be copied: what is indented below a title.
    private func welcomeCommands(_ screen: String) throws -> [String] {
        guard let start = screen.range(of: "Eight things to try") else { throw ServerError("no welcome:\n\(screen)") }
        let continued = screen[start.upperBound...].replacing(/\\\n\s+/, with: " ")
        return continued.matches(of: /\n {5}(\S[^\n]*)/).map { String($0.output.1) }
    }

    private func shell(_ command: String) async throws -> Outcome {
        try await Program.run(["/bin/sh", "-c", command])
    }

    /// - Parameter status: nil for any failure.
    private func expect(
        _ command: String, _ status: Int32?, _ says: String, without: String? = nil,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let outcome = try await shell(command)
        if let status {
            #expect(outcome.status == status, "\(outcome)", sourceLocation: sourceLocation)
        } else {
            #expect(outcome.status != 0, "\(outcome)", sourceLocation: sourceLocation)
        }
        #expect(says.isEmpty || outcome.text.contains(says), "\(outcome)", sourceLocation: sourceLocation)
        if let without { #expect(!outcome.text.contains(without), "\(outcome)", sourceLocation: sourceLocation) }
    }

    /// All processes below one, by id.
    private func descendants(of pid: Int32) async throws -> [Int32] {
        let table = try await Program.run(["ps", "-e", "-o", "pid=,ppid="]).required().output
        var children: [Int32: [Int32]] = [:]
        for line in table.split(separator: "\n") {
            let fields = line.split(separator: " ").compactMap { Int32($0) }
            if fields.count == 2 { children[fields[1], default: []].append(fields[0]) }
        }
        var found: [Int32] = []
        var queue = [pid]
        while let next = queue.popLast() {
            found += children[next] ?? []
            queue += children[next] ?? []
        }
        return found
    }

    private func isAlive(_ pid: Int32) -> Bool { Glibc.kill(pid, 0) == 0 }
}
