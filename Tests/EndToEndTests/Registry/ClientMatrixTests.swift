import Foundation
import TestSupport
import Testing

/// Every client against the real registry, plain and over TLS with an authority of its own: what people and robots may
/// do, each with its own way of logging in.
@Suite(.serialized, .timeLimit(.minutes(10)))
struct ClientMatrixTests {
    @Test(arguments: ImageClient.Kind.allCases)
    func `people push and pull as they may`(_ kind: ImageClient.Kind) async throws {
        let world = try await ClientWorld.plain.value
        try await matrix(kind, world)
    }

    /// Not docker: its daemon does not verify registries on loopback.
    @Test(arguments: [ImageClient.Kind.skopeo, .podman, .buildah])
    func `the same over TLS with a private authority`(_ kind: ImageClient.Kind) async throws {
        try await matrix(kind, try await ClientWorld.secure.value)
    }

    @Test(arguments: ImageClient.Kind.allCases)
    func `a robot logs in with its token and gets what it was granted`(_ kind: ImageClient.Kind) async throws {
        let world = try await ClientWorld.plain.value
        let client = try await world.client(kind)
        try await client.login(as: world.robot).required()
        try await client.push("nerd-dinner/nerd-dinner-web", tag: "robot-\(kind)").required()
        try await client.pull("nerd-dinner/nerd-dinner-web", tag: "robot-\(kind)").required()
        #expect(try await client.push("nerd-dinner/nerd-dinner-homepage").status != 0)
    }

    @Test(arguments: ImageClient.Kind.allCases)
    func `a token that is limited to pulling pulls`(_ kind: ImageClient.Kind) async throws {
        let world = try await ClientWorld.plain.value
        let web = "nerd-dinner/nerd-dinner-web"
        let made = try await world.installation.run([
            "token", "create", "elton", "limited", "--action", "pull", "--repository", "nerd-dinner/*", "--json",
        ]).required()
        let client = try await world.client(kind)
        try await client.login(as: world.elton).required()
        try await client.push(web, tag: "limited-\(kind)").required()
        try await client.login(as: .init("elton", try Made(made).secret)).required()
        try await client.pull(web, tag: "limited-\(kind)").required()
        #expect(try await client.push(web, tag: "more-\(kind)").status != 0)
    }

    /// dxf wants TLS.
    @Test func `python-dxf and oras push and pull as their person may`() async throws {
        let world = try await ClientWorld.secure.value
        for (login, expected) in [
            (world.elton, ["dxf push done", "dxf pull done", "oras push done", "oras pull done"]),
            (world.paula, ["dxf push refused", "dxf pull done", "oras push refused", "oras pull done"]),
            (world.frida, ["dxf push refused", "dxf pull refused", "oras push refused", "oras pull refused"]),
        ] {
            let folder = try TemporaryFolder("oci")
            defer { folder.remove() }
            let outcome = try await Program.run(
                [
                    Checkout.pythonTool("python3"), Checkout.path("Scripts/try-oci-clients"), world.registry.host,
                    try #require(world.authority), "nerd-dinner/nerd-dinner-web", login.name, login.password,
                    folder.root,
                ], in: folder.root
            ).required()
            #expect(outcome.output.split(separator: "\n").map(String.init) == expected, "\(login.name): \(outcome)")
        }
    }

    /// What docker keeps is no password, and ends when it is revoked.
    @Test func `docker keeps a refresh token, and has to log in again when it is revoked`() async throws {
        let world = try await ClientWorld.plain.value
        let client = try await world.client(.docker)
        try await world.installation.makeUsers("dora")
        try await world.installation.run(["team", "add", "nerd-dinner/ops", "dora"]).required()
        try await client.login(as: .init("dora", PortreeveInstallation.password(of: "dora"))).required()
        for _ in 1...2 { try await client.push("nerd-dinner/nerd-dinner-web", tag: "dora").required() }
        let listed = try await world.installation.run(["token", "list", "dora", "--json"]).required()
        struct Listed: Decodable { var items: [Made] }
        let logins = try JSONDecoder().decode(Listed.self, from: Data(listed.output.utf8)).items
        #expect(logins.map(\.kind) == ["registry-login"])
        try await world.installation.run(["token", "delete", "dora", try #require(logins.first).id]).required()
        #expect(try await client.push("nerd-dinner/nerd-dinner-web", tag: "dora").status != 0)
    }

    private func matrix(_ kind: ImageClient.Kind, _ world: ClientWorld) async throws {
        let web = "nerd-dinner/nerd-dinner-web"
        let (writer, reader, stranger) = (
            try await world.client(kind), try await world.client(kind), try await world.client(kind)
        )
        try await writer.login(as: world.elton).required()
        try await writer.push(web, tag: "\(kind)").required()
        try await writer.pull(web, tag: "\(kind)").required()
        try await reader.login(as: world.paula).required()
        try await reader.pull(web, tag: "\(kind)").required()
        expectRefused(try await reader.push(web, tag: "not-\(kind)"))
        try await stranger.login(as: world.frida).required()
        expectRefused(try await stranger.pull(web, tag: "\(kind)"))
        expectRefused(try await stranger.push(web, tag: "not-\(kind)"))
        let wrong = try await world.client(kind).login(as: .init("elton", "a wrong password"))
        #expect(wrong.status != 0)
        #expect(
            wrong.text.contains("login or the password is wrong") || wrong.text.contains("invalid username"), "\(wrong)"
        )
        // Whoever is nobody pulls what is public, and nothing else.
        let anybody = try await world.client(kind)
        try await writer.login(as: world.admin).required()
        try await writer.push("nerd-dinner/nerd-dinner-homepage", tag: "\(kind)").required()
        try await anybody.pull("nerd-dinner/nerd-dinner-homepage", tag: "\(kind)").required()
        expectRefused(try await anybody.pull(web, tag: "\(kind)"))
    }

    private func expectRefused(_ outcome: Outcome, sourceLocation: SourceLocation = #_sourceLocation) {
        let said = outcome.text.lowercased()
        let isRefusal =
            said.contains("denied") || said.contains("unauthorized") || said.contains("authentication required")
        #expect(outcome.status != 0 && isRefusal, "\(outcome)", sourceLocation: sourceLocation)
    }
}

/// A token as the command shows it.
struct Made: Decodable {
    var id: String
    var secret: String
    var kind: String

    init(_ outcome: Outcome) throws { self = try JSONDecoder().decode(Self.self, from: Data(outcome.output.utf8)) }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        id = try container.decode(String.self, forKey: .id)
        secret = try container.decodeIfPresent(String.self, forKey: .secret) ?? ""
        kind = try container.decode(String.self, forKey: .kind)
    }

    enum CodingKeys: String, CodingKey { case id, secret, kind }
}

/// The sample company with people and a robot, its service, and a registry that trusts it.
struct ClientWorld: Sendable {
    static let plain = Task { try await ClientWorld(isSecure: false) }
    static let secure = Task { try await ClientWorld(isSecure: true) }

    let installation: PortreeveInstallation
    let registry: RegistryProcess
    let robot: Skopeo.Login
    private let server: ServerProcess
    let authority: String?
    private let daemon = LazyDaemon()

    private init(isSecure: Bool) async throws {
        let installation = try PortreeveInstallation()
        self.installation = installation
        var settings: [String: String] = [:]
        var files: (certificate: String, key: String)?
        if isSecure {
            let certificates = try await TestCertificates(in: installation.folder)
            let issued = try await certificates.issue("server", addresses: ["127.0.0.1"])
            settings = ["PORTREEVE_TLS_CERTIFICATE": issued.certificate, "PORTREEVE_TLS_KEY": issued.key]
            (files, authority) = (issued, certificates.caFile)
        } else {
            authority = nil
        }
        server = try await ServerProcess.start(installation.words(["serve"], settings), in: installation.folder)
        try await server.waitUntilReady { Loopback.accepts("127.0.0.1", port: installation.port) }
        try await installation.run(["import", Checkout.path("Sample-Data/nerd-dinner.jsonl")]).required()
        try await installation.makeUsers("elton", "paula", "frida")
        try await installation.run(["team", "add", "nerd-dinner/ops", "elton"]).required()
        try await installation.run(["team", "add", "nerd-dinner/developers", "paula"]).required()
        try await installation.run(["service-account", "create", "nerd-dinner+ci"]).required()
        let grant = ["grant", "put", "service-account:nerd-dinner+ci", "nerd-dinner/nerd-dinner-web", "read-write"]
        try await installation.run(grant).required()
        let made = try await installation.run(["token", "create", "nerd-dinner+ci", "pipeline", "--json"]).required()
        robot = Skopeo.Login("nerd-dinner+ci", try Made(made).secret)
        registry = try await RegistryProcess.start(trusting: installation, tls: files)
    }

    /// In the team ops, which has read-write.
    let elton = Skopeo.Login("elton", PortreeveInstallation.password(of: "elton"))
    /// In the team developers, which has read-only through its parent.
    let paula = Skopeo.Login("paula", PortreeveInstallation.password(of: "paula"))
    /// In no team.
    let frida = Skopeo.Login("frida", PortreeveInstallation.password(of: "frida"))
    var admin: Skopeo.Login { Skopeo.Login(PortreeveInstallation.administrator, installation.password) }

    /// With files of its own, logged in nowhere.
    func client(_ kind: ImageClient.Kind) async throws -> ImageClient {
        try ImageClient(
            kind, for: registry, authority: authority, daemon: kind == .docker ? try await daemon.value() : nil)
    }
}

/// Started when it is needed first.
private actor LazyDaemon {
    private var start: Task<DockerDaemon, any Error>?

    func value() async throws -> DockerDaemon {
        if let start { return try await start.value }
        let task = Task { try await DockerDaemon.start() }
        start = task
        return try await task.value
    }
}
