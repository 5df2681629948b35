import AccessControl
import AccessModel
import Foundation
import Logging
import PostgreSQLDriver
import ReferenceModel
import SQLStore
import SQLiteDriver
import Server
import StrictJSON

/// The same work over each engine of the store: an import, and the first synchronisation of a directory that takes no
/// time to be read. Wall time and CPU time of everybody who works for it.
func measureEngines(_ lines: Data, in folder: URL) async throws {
    Report.title("Engines")
    let count = lines.count { $0 == UInt8(ascii: "\n") }
    let directory = MadeDirectory(people: 20_000, groups: 1_000, groupsOfEach: 10)
    let server = try DatabaseServer(in: folder.appending(path: "postgresql"))
    defer { server.stop() }
    let file = folder.appending(path: "engine.db").path
    let sqlite = try await openStore(path: file, createsFile: true) { print($0) }
    let postgresql = try await SQLStore(
        opening: try await PostgreSQLDatabase(url: server.url) { print($0) }, createsSchema: true)
    let engines: [(name: String, store: any Store, servers: () -> Double)] = [
        ("SQLite", sqlite, { 0 }), ("PostgreSQL", postgresql, { server.processorSeconds }),
    ]
    for engine in engines {
        let (settings, _) = try Settings.load(file: nil, overrides: ["database": file], environment: [:])
        let assembly = try await Assembly.build(
            settings, over: engine.store, source: directory, clock: WallClock { RandomWorld.now },
            logger: Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() })
        let service = assembly.service
        let imported = try await work(engine.servers) {
            _ = try await service.transactions.perform(ImportLines(text: lines), as: ServedWorld.caller)
        }
        Report.row(
            "import of \(count) lines, \(engine.name)", imported.text,
            "\(Int(Double(count) / imported.seconds)) lines a second")
        _ = try await service.transactions.perform(
            ImportLines(text: directory.organizationLines), as: ServedWorld.caller)
        let stored = try directory.directory
        try await engine.store.write(as: .service) { (writer) throws(AccessError) in
            try writer.record(.insert(.directory(stored)), reason: nil, secret: nil)
        }
        var applied = 0
        let synchronized = try await work(engine.servers) {
            let run = try await service.synchronization.synchronize(stored.name, mode: .run, as: ServedWorld.caller)
            applied = run.appliedCount
        }
        guard applied > 200_000 else { throw BenchmarkError("\(applied) changes were applied") }
        Report.row(
            "first synchronisation, \(applied) changes, \(engine.name)", synchronized.text,
            "\(Int(Double(applied) / synchronized.seconds)) changes a second")
        await assembly.shutdown()
    }
}

private struct Work {
    var seconds: Double
    var own: Double
    var servers: Double

    var text: String {
        let others = servers > 0 ? String(format: " + %.1f s of the server", servers) : ""
        return String(format: "%.1f s, %.1f s of CPU", seconds, own) + others
    }
}

private func work(_ servers: () -> Double, _ body: () async throws -> Void) async throws -> Work {
    let (own, others) = (Report.processorSeconds, servers())
    let (wall, _) = try await seconds(body)
    return Work(seconds: wall, own: Report.processorSeconds - own, servers: servers() - others)
}

extension Report {
    /// User and system time of this process.
    fileprivate static var processorSeconds: Double {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return [usage.ru_utime, usage.ru_stime].reduce(0) { $0 + Double($1.tv_sec) + Double($1.tv_usec) / 1e6 }
    }
}

/// A PostgreSQL server that flushes what it commits.
private final class DatabaseServer {
    private let process = Process()
    let url: String

    init(in folder: URL) throws {
        let port = Int.random(in: 20_000..<30_000)
        url = "postgresql://portreeve@127.0.0.1:\(port)/portreeve?sslmode=disable&gssencmode=disable"
        process.executableURL = URL(filePath: "Scripts/postgres")
        process.arguments = [folder.path, "\(port)", "fsync=on", "full_page_writes=on"]
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        for _ in 0..<600 {
            let answer = Process()
            answer.executableURL = URL(filePath: "/usr/bin/psql")
            answer.arguments = ["-q", "-c", "SELECT 1", url]
            answer.standardOutput = FileHandle.nullDevice
            answer.standardError = FileHandle.nullDevice
            try answer.run()
            answer.waitUntilExit()
            if answer.terminationStatus == 0 { return }
            guard process.isRunning else { break }
            Thread.sleep(forTimeInterval: 0.1)
        }
        throw BenchmarkError("PostgreSQL did not start")
    }

    func stop() {
        process.interrupt()
        process.waitUntilExit()
    }

    /// User and system time of the server and all its processes, with those that have ended.
    var processorSeconds: Double {
        let all = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        let ticks = all.compactMap(Int32.init).reduce(0) { sum, pid in
            guard let stat = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8),
                let fields = stat.split(separator: ") ").last?.split(separator: " "), fields.count > 14,
                pid == process.processIdentifier || Int32(fields[1]) == process.processIdentifier
            else { return sum }
            let own = pid == process.processIdentifier ? fields[11...14] : fields[11...12]
            return sum + own.compactMap { Int($0) }.reduce(0, +)
        }
        return Double(ticks) / Double(sysconf(Int32(_SC_CLK_TCK)))
    }
}

/// A directory in memory: people in groups, each of which feeds a team.
private struct MadeDirectory: DirectorySource {
    let people: Int
    let groups: Int
    let groupsOfEach: Int

    var directory: Directory {
        get throws {
            let rules = (0..<groups).map { #"{"group":"\#(group($0))","team":"staff/team-\#($0)"}"# }
            let text = """
                {"preset":"openldap","urls":["ldap://127.0.0.1:1"],"tls":{"mode":"none","allow_cleartext":true},
                "users":{"base":"ou=People,dc=bench"},"groups":{"base":"ou=Groups,dc=bench"},
                "rules":[\(rules.joined(separator: ","))],"brake":{"max_additions_percent":100}}
                """
            return Directory(name: "bench", settings: try DirectorySettings(parsing: Array(text.utf8)))
        }
    }

    var organizationLines: Data {
        let teams = (0..<groups).map { #"{"kind":"team","org":"staff","name":"team-\#($0)"}"# }
        return Data(([#"{"kind":"org","name":"staff"}"#] + teams).joined(separator: "\n").utf8)
    }

    private func group(_ number: Int) -> String { "cn=group-\(number),ou=Groups,dc=bench" }
    private func person(_ number: Int) -> String { "uid=person-\(number),ou=People,dc=bench" }

    func read(
        _ settings: DirectorySettings, password: String?, since mirror: DirectoryMirror?, watching: Set<String>,
        progress: @escaping @Sendable (Int) -> Void
    ) async throws(DirectoryError) -> DirectoryReading {
        let users = (0..<people).map { number in
            DirectoryUser(
                externalID: "person-\(number)", dn: person(number), login: "person-\(number)",
                fullName: "Person \(number)", email: "person-\(number)@bench.example")
        }
        var members = Array(repeating: [MemberReference](), count: groups)
        for number in 0..<people {
            for step in 0..<groupsOfEach { members[(number * 7 + step * 97) % groups].append(.dn(person(number))) }
        }
        let found = (0..<groups).map {
            DirectoryGroup(externalID: "group-\($0)", dn: group($0), members: members[$0])
        }
        return DirectoryReading(
            snapshot: DirectorySnapshot(users: users, groups: found), extent: .full, mirror: nil)
    }

    private static let nothing = DirectoryError.unreachable(reason: "it is in memory")

    func verify(
        dn: String, externalID: String, password: String, settings: DirectorySettings
    ) async throws(DirectoryError) -> PasswordVerdict { throw Self.nothing }

    func reach(_ settings: DirectorySettings) async throws(DirectoryError) { throw Self.nothing }

    func find(
        login: DirectoryLogin, _ settings: DirectorySettings, bindPassword: String?
    ) async throws(DirectoryError) -> DirectoryUser? { throw Self.nothing }

    func passwordTime(
        externalID: String, _ settings: DirectorySettings, bindPassword: String?
    ) async throws(DirectoryError) -> DirectoryPasswordVersion { throw Self.nothing }

    func look(
        again question: SecondLook, _ settings: DirectorySettings, bindPassword: String?
    ) async throws(DirectoryError) -> SecondLook.Answer { throw Self.nothing }

    func names(
        of sids: Set<String>, _ settings: DirectorySettings, bindPassword: String?
    ) async throws(DirectoryError) -> [String: String] { throw Self.nothing }

    func test(
        _ settings: DirectorySettings, password: String?, login: String?, known: [KnownGroup]
    ) async -> [DirectoryCheckupStep] { [] }
}
