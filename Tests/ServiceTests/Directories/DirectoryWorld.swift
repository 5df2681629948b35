import AccessControl
import AccessModel
import Foundation
import TestSupport
import Testing

/// A service that knows a scripted domain controller, `root` who administers it, and nerd-dinner
/// with its teams `ops` and `web`.
struct DirectoryWorld {
    let service: TestService
    let windows: WindowsDirectory
    /// Between the service and the domain controller.
    let proxy: MessageProxy

    static func run(
        _ change: @Sendable @escaping (inout [String: JSONValue]) -> Void = { _ in }, clock: TestClock = TestClock(),
        _ body: (DirectoryWorld) async throws -> Void
    ) async throws {
        let windows = try WindowsDirectory()
        windows.settings.showsDeleted = true
        let proxy = try MessageProxy(upstream: windows.port)
        defer {
            proxy.stop()
            windows.stop()
        }
        let lines: [SeedLine] = [
            .user("root", admin: true), .org("nerd-dinner"), .team("nerd-dinner/ops"), .team("nerd-dinner/web"),
        ]
        try await TestService.run(lines, clock: clock) { service async throws in
            let world = DirectoryWorld(service: service, windows: windows, proxy: proxy)
            try await world.put(change)
            try await body(world)
        }
    }

    /// Puts the directory `corp`, with `ops` feeding nerd-dinner/ops and no limit that matters.
    func put(_ change: (inout [String: JSONValue]) -> Void = { _ in }) async throws {
        var settings: [String: JSONValue] = [
            "preset": "active-directory", "urls": ["ldap://127.0.0.1:\(proxy.port)"],
            "tls": ["mode": "none", "allow_cleartext": true],
            "bind": ["dn": .string(WindowsDirectory.syncPrincipal), "password": .string(WindowsDirectory.password)],
            "users": ["base": .string(WindowsDirectory.users)], "groups": ["base": .string(WindowsDirectory.users)],
            "rules": [["group": .string("CN=ops,\(WindowsDirectory.users)"), "team": "nerd-dinner/ops"]],
            "timeout": 60,
        ]
        change(&settings)
        let answer = try await service.put("/v1/directories/corp", .object(settings), as: "root")
        #expect([200, 201].contains(answer.status), "\(answer.text)")
    }

    func sync(_ mode: String = "run", reading: String? = nil) async throws -> JSONValue {
        // Runs are ordered by when they began.
        service.clock.advance(by: .seconds(1))
        var body: [String: JSONValue] = ["mode": .string(mode)]
        if let reading { body["reading"] = .string(reading) }
        let answer = try await service.post("/v1/directories/corp/sync-runs", .object(body), as: "root")
        #expect(answer.status == 201, "\(answer.text)")
        return answer.json
    }

    /// Limits that hold nothing.
    static let noBrake: JSONValue = [
        "max_percent": 100, "max_team_percent": 100, "max_org_percent": 100, "max_additions_percent": 100,
    ]

    func decide(_ run: JSONValue, _ verb: String) async throws -> TestAnswer {
        try await service.send(
            "POST", "/v1/directories/-/sync-runs/\(run["id"]?.string ?? "")/\(verb)", as: "root")
    }

    func run(_ id: String?) async throws -> JSONValue {
        try await service.get("/v1/directories/-/sync-runs/\(id ?? "")", as: "root").json
    }

    func members(of team: String = "nerd-dinner/ops") async throws -> [String] {
        let parts = team.split(separator: "/")
        let answer = try await service.get("/v1/orgs/\(parts[0])/teams/\(parts[1])/members", as: "root")
        return answer.items.compactMap { $0["user"]?.string }
    }

    /// All that is here, to compare with what is here later.
    func everything() async throws -> String { try await service.get("/v1/export", as: "root").text }

    /// The lines of `/metrics` about directories.
    func metric(_ name: String) async throws -> Double? {
        let text = try await service.get("/metrics", as: "root").text
        let line = text.split(separator: "\n").first { $0.hasPrefix("portreeve_directory_sync_\(name){") }
        return line.flatMap { $0.split(separator: " ").last }.flatMap { Double($0) }
    }

    /// People of the domain, in the group `ops`.
    @discardableResult
    func addPeople(_ names: [String]) throws -> [String] {
        let people = try names.map { name in
            let dn = try windows.addUser(name, [("userPrincipalName", ["\(name)@win.example.com"])])
            windows.setPassword("\(name)'s password", of: dn)
            return dn
        }
        _ = try windows.addGroup("ops", members: people)
        return people
    }
}

extension JSONValue {
    var state: String? { self["state"]?.string }
    var id: String? { self["id"]?.string }
    /// `action login` of every planned change.
    var planned: [String] {
        self["plan"]?["changes"]?.elements.map { change in
            [change["action"]?.string, change["login"]?.string].compactMap(\.self).joined(separator: " ")
        } ?? []
    }
}
