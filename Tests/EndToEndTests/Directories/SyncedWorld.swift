import Foundation
import TestSupport

/// The sample company: its directory, a service that knows of it, and a registry.
struct SyncedWorld: Sendable {
    let directory: SampleDirectory
    let server: PortreeveProcess
    let registry: RegistryProcess
    let skopeo: Skopeo

    var company: PortreeveInstallation { server.installation }

    init() async throws {
        directory = try await SampleDirectory.start()
        server = try await PortreeveProcess.start()
        let company = server.installation
        try await company.run(["import", Checkout.path("Sample-Data/nerd-dinner.jsonl")]).required()
        let settings = try directory.writeSettings(for: company)
        try await company.run(["directory", "put", "corp", settings]).required()
        registry = try await RegistryProcess.start(trusting: company)
        skopeo = try Skopeo(for: registry)
    }

    /// Pushes the sample image to a repository of nerd-dinner with the person's password of the directory.
    func push(_ repository: String, as name: String) async throws -> Outcome {
        try await skopeo.push("nerd-dinner/" + repository, as: .init(name, PortreeveInstallation.password(of: name)))
    }

    /// What `docker login` asks.
    func login(_ name: String, password: String? = nil) async throws -> HTTPAnswer {
        try await company.send(
            "GET", "/token?service=\(PortreeveInstallation.registryService)&account=\(name)",
            as: .basic(name, password ?? PortreeveInstallation.password(of: name)))
    }

    func remove() async throws {
        try await registry.remove()
        try await server.remove()
        try await directory.remove()
    }
}

/// The members of a team, by name, in order.
func members(of team: String, at company: PortreeveInstallation) async throws -> [String] {
    struct List: Decodable {
        struct Member: Decodable { var user: String }
        var items: [Member]
    }
    let outcome = try await company.ask(["team", "members", team, "--json"]).required()
    return try JSONDecoder().decode(List.self, from: Data(outcome.output.utf8)).items.map(\.user).sorted()
}
