import Foundation

/// Debian's dockerd on a socket of its own, without a network for containers: it pushes and pulls.
package final class DockerDaemon: Sendable {
    package let address: String
    private let folder: TemporaryFolder
    private let process: ServerProcess

    package static func start() async throws -> DockerDaemon {
        let folder = try TemporaryFolder("docker")
        RemovalAtExit.add(folder)
        let socket = folder.path("docker.sock")
        let process = try await ServerProcess.start(
            [
                "dockerd", "-H", "unix://" + socket, "--data-root", folder.path("data"), "--exec-root",
                folder.path("exec"), "--pidfile", folder.path("dockerd.pid"), "--bridge=none", "--iptables=false",
                "--ip-masq=false", "--storage-driver=vfs",
            ], in: folder)
        let daemon = DockerDaemon(address: "unix://" + socket, folder: folder, process: process)
        try await process.waitUntilReady {
            try await Program.run(["docker", "-H", daemon.address, "version"]).status == 0
        }
        return daemon
    }

    private init(address: String, folder: TemporaryFolder, process: ServerProcess) {
        self.address = address
        self.folder = folder
        self.process = process
    }
}
