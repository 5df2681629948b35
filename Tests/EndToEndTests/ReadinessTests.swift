import Foundation
import Glibc
import TestSupport
import Testing

/// How a service manager and a health check learn that the service is ready.
@Suite(.timeLimit(.minutes(3)))
struct ReadinessTests {
    @Test(arguments: ["/notify", "@portreeve-test-\(UUID().uuidString)"])
    func `the service manager is told once requests are answered`(name: String) async throws {
        let company = try PortreeveInstallation()
        defer { company.remove() }
        let path = name.hasPrefix("/") ? company.folder.path(String(name.dropFirst())) : name
        let manager = try NotifySocket(path)
        let process = try await ServerProcess.start(
            company.words(["serve"], ["NOTIFY_SOCKET": path]), in: company.folder)
        let message = try await poll(for: .seconds(60), "the message") { manager.message() }
        #expect(message == "READY=1")
        #expect(try await company.send("GET", "/readyz").status == 200)
        try await process.stop()
    }

    @Test func `a service manager that is not there is a line in the log`() async throws {
        let company = try PortreeveInstallation()
        defer { company.remove() }
        let process = try await ServerProcess.start(
            company.words(["serve"], ["NOTIFY_SOCKET": company.folder.path("nothing")]), in: company.folder)
        try await process.waitUntilReady { Loopback.accepts("127.0.0.1", port: company.port) }
        try await process.stop()
        let log = try String(contentsOfFile: company.folder.path("server.log"), encoding: .utf8)
        #expect(log.contains("the service manager cannot be told that the service is ready"), "\(log)")
    }

    @Test func `a service that was stopped has left everything in the file alone`() async throws {
        let server = try await PortreeveProcess.start()
        let company = server.installation
        try await company.makeUsers("mia")
        try await server.stop()
        let copy = company.folder.path("copy.db")
        try FileManager.default.copyItem(atPath: company.database, toPath: copy)
        let users = try await company.run(["user", "list", "--database", copy])
        #expect(users.status == 0 && users.output.contains("mia"), "\(users)")
        company.remove()
    }

    @Test func `health tells ready from not ready and from no answer`() async throws {
        let server = try await PortreeveProcess.start()
        let company = server.installation
        let ready = try await company.run(["health"])
        #expect(ready.status == 0)
        #expect(ready.output == "The service is ready.\n")
        #expect(try await company.run(["health", "--server", company.url]).status == 0)
        // Another file took the place of the database.
        let database = URL(filePath: company.database)
        try FileManager.default.moveItem(at: database, to: database.appendingPathExtension("old"))
        try Data().write(to: database)
        let replaced = try await company.run(["health"])
        #expect(replaced.status == 1, "\(replaced)")
        #expect(replaced.errors.hasPrefix("The service is not ready: "), "\(replaced.errors)")
        try await server.stop()
        let stopped = try await company.run(["health"])
        #expect(stopped.status == 3)
        #expect(stopped.errors.contains("cannot be reached"), "\(stopped.errors)")
        #expect(try await company.run(["health", "--server", "ftp://x"]).status == 2)
        company.remove()
    }

    @Test(arguments: ["127.0.0.1", "0.0.0.0", "[::1]", "[::]"])
    func `health asks where the settings say, whatever the certificate names`(host: String) async throws {
        let company = try PortreeveInstallation()
        defer { company.remove() }
        let pair = try await TestCertificates(in: company.folder).issue("other", addresses: ["192.0.2.1"])
        let settings = [
            "PORTREEVE_LISTEN": "\(host):\(company.port)", "PORTREEVE_TLS_CERTIFICATE": pair.certificate,
            "PORTREEVE_TLS_KEY": pair.key,
        ]
        let process = try await ServerProcess.start(company.words(["serve"], settings), in: company.folder)
        try await process.waitUntilReady { try await company.run(["health"], environment: settings).status == 0 }
        // Who names an address wants to know who answers there.
        let url = "https://127.0.0.1:\(company.port)"
        #expect(try await company.run(["health", "--server", url], environment: settings).status == 3)
        try await process.stop()
    }
}

/// What a service manager listens on.
private final class NotifySocket {
    private let socket: Int32

    init(_ path: String) throws {
        socket = Glibc.socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        withUnsafeMutableBytes(of: &address.sun_path) { place in
            place.copyBytes(from: bytes)
            if bytes.first == UInt8(ascii: "@") { place[0] = 0 }
        }
        let length = MemoryLayout<sa_family_t>.size + bytes.count + (path.hasPrefix("@") ? 0 : 1)
        let bound = withUnsafePointer(to: &address) { address in
            address.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(socket, $0, socklen_t(length)) }
        }
        guard bound == 0 else { throw ServerError("no socket at \(path): \(String(cString: strerror(errno)))") }
    }

    deinit { close(socket) }

    /// The next message, if there is one.
    func message() -> String? {
        var bytes = [UInt8](repeating: 0, count: 256)
        let count = recv(socket, &bytes, bytes.count, Int32(MSG_DONTWAIT))
        return count > 0 ? String(decoding: bytes[..<count], as: UTF8.self) : nil
    }
}
