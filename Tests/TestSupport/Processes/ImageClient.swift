import Foundation

/// A program that pushes and pulls images, with files of its own only.
package struct ImageClient: Sendable {
    package enum Kind: String, Sendable, CaseIterable, CustomStringConvertible {
        case skopeo, podman, buildah, docker

        package var description: String { rawValue }
    }

    package let kind: Kind
    private let registry: String
    private let folder: String
    /// The folder with the authority to trust; nil for plain HTTP.
    private let authorities: String?
    private let daemon: DockerDaemon?

    /// - Parameters:
    ///   - authority: the PEM file of the authority of registry and service; nil for plain HTTP.
    ///   - daemon: of docker.
    package init(
        _ kind: Kind, for registry: RegistryProcess, authority: String? = nil, daemon: DockerDaemon? = nil
    ) throws {
        self.kind = kind
        self.registry = registry.host
        self.daemon = daemon
        // Podman's folders must have short names.
        let place = try TemporaryFolder("c")
        RemovalAtExit.add(place)
        let folder = place.root
        self.folder = folder
        try Data("{}".utf8).write(to: URL(filePath: folder + "/auth.json"))
        authorities = try authority.map { file in
            let place = folder + "/certs"
            try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
            try FileManager.default.copyItem(atPath: file, toPath: place + "/ca.crt")
            return place
        }
    }

    /// Logs in, as a person does before anything else.
    package func login(as login: Skopeo.Login) async throws -> Outcome {
        try await run(
            ["login"] + (kind == .docker ? [] : tls) + ["-u", login.name, "--password-stdin", registry],
            input: login.password)
    }

    package func push(_ repository: String, tag: String = "latest") async throws -> Outcome {
        let target = "\(registry)/\(repository):\(tag)"
        switch kind {
        case .skopeo: return try await run(["copy", "-q"] + copying("dest") + [sample, "docker://\(target)"])
        case .podman, .buildah:
            try await makeImage()
            return try await run(["push", "-q"] + tls + ["localhost/sample:latest", "docker://\(target)"])
        case .docker:
            try await makeImage()
            try await run(["tag", "sample:latest", target]).required()
            return try await run(["push", target])
        }
    }

    package func pull(_ repository: String, tag: String = "latest") async throws -> Outcome {
        let source = "\(registry)/\(repository):\(tag)"
        switch kind {
        case .skopeo:
            let target = "oci:\(folder)/pulled-\(UUID().uuidString):latest"
            return try await run(["copy", "-q"] + copying("src") + ["docker://\(source)", target])
        case .podman, .buildah: return try await run(["pull", "-q"] + tls + ["docker://\(source)"])
        case .docker: return try await run(["pull", "-q", source])
        }
    }

    private var sample: String { "oci:" + Checkout.path("Sample-Data/image") + ":latest" }

    private var tls: [String] { authorities.map { ["--cert-dir", $0] } ?? ["--tls-verify=false"] }

    private func copying(_ side: String) -> [String] {
        authorities.map { ["--\(side)-cert-dir", $0] } ?? ["--\(side)-tls-verify=false"]
    }

    /// An image of one file in the client's own store, if it is not there yet.
    private func makeImage() async throws {
        let name = kind == .docker ? "sample:latest" : "localhost/sample:latest"
        guard try await run(["images", "-q", name]).output.isEmpty else { return }
        try Data("an image\n".utf8).write(to: URL(filePath: folder + "/file"))
        if kind == .buildah {
            let container = try await run(["from", "scratch"]).required().output
                .trimmingCharacters(in: .whitespacesAndNewlines)
            try await run(["copy", "-q", container, folder + "/file", "/file"]).required()
            try await run(["commit", "-q", container, name]).required()
        } else {
            _ = try await Command.run(["tar", "-cf", folder + "/content.tar", "-C", folder, "file"])
            try await run(["import", folder + "/content.tar", name]).required()
        }
    }

    @discardableResult
    private func run(_ arguments: [String], input: String = "") async throws -> Outcome {
        let store = ["--root", folder + "/root", "--runroot", folder + "/r", "--storage-driver", "vfs"]
        let words =
            switch kind {
            case .skopeo: ["skopeo"] + arguments
            case .podman: ["podman"] + store + ["--events-backend=file"] + arguments
            case .buildah: ["buildah"] + store + arguments
            case .docker: ["docker", "-H", daemon?.address ?? ""] + arguments
            }
        return try await Program.run(
            words, input: input,
            environment: [
                "HOME": folder, "XDG_RUNTIME_DIR": folder, "TMPDIR": folder, "DOCKER_CONFIG": folder,
                "REGISTRY_AUTH_FILE": folder + "/auth.json",
            ])
    }
}
