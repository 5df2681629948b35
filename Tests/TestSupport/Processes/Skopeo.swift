import Foundation

/// The registry client `skopeo`, with files of its own only.
package struct Skopeo: Sendable {
    /// With what it logs in.
    package struct Login: Sendable {
        package var name: String
        package var password: String

        package init(_ name: String, _ password: String) {
            self.name = name
            self.password = password
        }
    }

    private let registry: String
    /// Inside the registry's own, and removed with it.
    private let folder: String

    package init(for registry: RegistryProcess) throws {
        self.init(host: registry.host, folder: try registry.folder.makeFolder("skopeo"))
    }

    /// - Parameter folder: for its files.
    package init(host: String, folder: String) {
        registry = host
        self.folder = folder
    }

    /// Pushes the sample image.
    package func push(_ repository: String, tag: String = "latest", as login: Login?) async throws -> Outcome {
        try await run(
            ["copy", "-q", "--dest-tls-verify=false"] + credentials("--dest-", login)
                + ["oci:\(Checkout.path("Sample-Data/image")):latest", reference(repository, tag)])
    }

    package func pull(_ repository: String, tag: String = "latest", as login: Login?) async throws -> Outcome {
        let target = "oci:" + folder + "/pulled-\(UUID().uuidString)" + ":latest"
        return try await run(
            ["copy", "-q", "--src-tls-verify=false"] + credentials("--src-", login) + [
                reference(repository, tag), target,
            ])
    }

    package func inspect(_ repository: String, as login: Login?) async throws -> Outcome {
        try await run(["inspect", "--tls-verify=false"] + credentials("--", login) + [reference(repository, "latest")])
    }

    package func delete(_ repository: String, as login: Login?) async throws -> Outcome {
        try await run(["delete", "--tls-verify=false"] + credentials("--", login) + [reference(repository, "latest")])
    }

    package func tags(of repository: String, as login: Login?) async throws -> Outcome {
        try await run(
            ["list-tags", "--tls-verify=false"] + credentials("--", login) + ["docker://\(registry)/\(repository)"])
    }

    package func login(as login: Login) async throws -> Outcome {
        try await run(
            ["login", "--tls-verify=false", "--authfile", folder + "/login-\(UUID().uuidString).json"]
                + ["-u", login.name, "--password-stdin", registry], input: login.password)
    }

    private func reference(_ repository: String, _ tag: String) -> String {
        "docker://\(registry)/\(repository):\(tag)"
    }

    private func credentials(_ prefix: String, _ login: Login?) -> [String] {
        login.map { ["\(prefix)creds", "\($0.name):\($0.password)"] } ?? ["\(prefix)no-creds"]
    }

    private func run(_ arguments: [String], input: String = "") async throws -> Outcome {
        try await Program.run(
            ["skopeo"] + arguments, input: input,
            environment: [
                "HOME": folder, "XDG_RUNTIME_DIR": folder, "TMPDIR": folder,
                "REGISTRY_AUTH_FILE": folder + "/auth.json",
            ])
    }
}
