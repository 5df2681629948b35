import Foundation
import TestSupport

/// The sample company with four users, its service, and a registry that trusts it. The tests of a suite share it;
/// what a test changes, it makes for itself first.
struct RegistryWorld: Sendable {
    static let shared = Task { try await RegistryWorld() }

    let server: PortreeveProcess
    let registry: RegistryProcess
    let skopeo: Skopeo

    var installation: PortreeveInstallation { server.installation }

    private init() async throws {
        server = try await PortreeveProcess.start()
        let installation = server.installation
        try await installation.run(["import", Checkout.path("Sample-Data/nerd-dinner.jsonl")]).required()
        try await installation.makeUsers("elton", "paula", "frida")
        try await installation.run(["team", "add", "nerd-dinner/ops", "elton"]).required()
        try await installation.run(["team", "add", "nerd-dinner/developers", "paula"]).required()
        registry = try await RegistryProcess.start(trusting: installation)
        skopeo = try Skopeo(for: registry)
    }

    /// In the team ops, which has read-write.
    let elton = Skopeo.Login("elton", PortreeveInstallation.password(of: "elton"))
    /// In the team developers, which has read-only through its parent.
    let paula = Skopeo.Login("paula", PortreeveInstallation.password(of: "paula"))
    /// In no team.
    let frida = Skopeo.Login("frida", PortreeveInstallation.password(of: "frida"))
    var admin: Skopeo.Login { Skopeo.Login(PortreeveInstallation.administrator, installation.password) }

    /// A private repository of nerd-dinner on which ops has read-write. Made by way of the service, so that it is
    /// known to it at once.
    func makeRepository(_ name: String) async throws -> String {
        let repository = "nerd-dinner/\(name)"
        try await installation.ask(["repository", "create", repository]).required()
        try await installation.ask(["grant", "put", "team:nerd-dinner/ops", repository, "read-write"]).required()
        return repository
    }

    /// What the service answers to a registry's client.
    func token(_ scopes: String..., as login: Skopeo.Login?) async throws -> HTTPAnswer {
        let scope = scopes.map { "&scope=\($0)" }.joined()
        return try await installation.send(
            "GET", "/token?service=\(PortreeveInstallation.registryService)\(scope)",
            as: login.map { .basic($0.name, $0.password) })
    }
}

/// The answer of the token endpoint (distribution specification, "Token Authentication").
struct TokenAnswer: Decodable {
    var token: String
    var expiresIn: Int

    enum CodingKeys: String, CodingKey {
        case token
        case expiresIn = "expires_in"
    }
}

/// The claims of a registry token.
struct TokenClaims: Decodable {
    struct Access: Decodable {
        var name: String
        var actions: [String]
    }

    var exp: Int
    var access: [Access]

    init(of token: String) throws {
        let parts = token.split(separator: ".")
        guard parts.count == 3 else { throw ServerError("\"\(token)\" is no JSON Web Token") }
        let text = parts[1].replacingOccurrences(of: "-", with: "+").replacingOccurrences(of: "_", with: "/")
        let padding = String(repeating: "=", count: (4 - text.count % 4) % 4)
        guard let payload = Data(base64Encoded: text + padding) else { throw ServerError("its claims are not base 64") }
        self = try JSONDecoder().decode(Self.self, from: payload)
    }
}
