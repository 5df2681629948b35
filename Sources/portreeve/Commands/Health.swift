import ArgumentParser
import Foundation
import Server
import Wording

/// Whether a service answers: for containers' health checks, which have no other HTTP client.
struct Health: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Asks a service whether it is ready.",
        discussion: """
            Without --server it asks the service that these settings are for, on this machine, and takes whatever \
            certificate that shows.

            Examples:
              portreeve health --config /etc/portreeve/portreeve.yaml
              portreeve health --server https://portreeve.example.com:8443

            Exit codes: 0 ready, 1 not ready, 2 usage or settings, 3 no answer.
            """)

    @Option(help: ArgumentHelp("The service's address. [env: PORTREEVE_SERVER]", valueName: "url"))
    var server: String?

    @Option(help: ArgumentHelp("PEM file of authorities to trust as well. [env: PORTREEVE_CA_FILE]", valueName: "file"))
    var caFile: String?

    @Option(help: ArgumentHelp("Settings of the service.", valueName: "file"))
    var config: String?

    func validate() throws {
        if server != nil, config != nil { throw ValidationError("give --server or --config, not both") }
    }

    func run() async throws {
        let environment = ProcessInfo.processInfo.environment
        let transport: RemoteTransport
        if let address = server ?? (config == nil ? environment[.server] : nil) {
            transport = try RemoteTransport(
                ServerAddress(address), authorization: nil, authorities: caFile ?? environment[.authorities],
                limit: 1 << 20)
        } else {
            let settings = try SettingsLoading.load(config: config, overrides: [:])
            transport = try RemoteTransport(
                ServerAddress(settings.ownURL), authorization: nil, authorities: nil, verifiesCertificate: false,
                limit: 1 << 20)
        }
        let response: APIResponse
        do {
            response = try await transport.send(APIRequest("GET", APIPath.make("readyz")))
        } catch {
            await transport.close()
            throw error
        }
        await transport.close()
        let answer = (try? APIClient.json(response)) ?? .null
        guard response.status == 200, answer["status"].string == "ready" else {
            let reason = answer["detail"].string ?? "it answers \(response.status), and not as Portreeve does"
            Terminal.writeError("The service is not ready: \(reason.withoutControls)\n")
            throw CommandFailure(.no)
        }
        Terminal.print("The service is ready.")
    }
}

extension Server.Settings {
    /// Where the service of these settings is reached from its own machine.
    fileprivate var ownURL: String {
        let host =
            switch self.host {
            case "0.0.0.0": "127.0.0.1"
            case "::": "[::1]"
            case let name where name.contains(":"): "[\(name)]"
            case let name: name
            }
        return "\(tlsCertificate == nil ? "http" : "https")://\(host):\(port)"
    }
}
