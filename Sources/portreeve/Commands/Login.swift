import ArgumentParser
import Foundation
import StrictJSON
import Wording

struct Login: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Logs in to a service: later commands ask it without further options.",
        discussion: """
            It asks for a password, makes a token for this machine that ends in 90 days, and keeps that in \
            ~/.config/portreeve/logins.json, which only you may read. A token of a service account, or one that you \
            have, is kept as it is with --token-file. --database and --config still work on a file.

            Examples:
              portreeve login https://hub.example.com
              portreeve login https://hub.example.com --name elton --ca-file ca.pem
              portreeve login https://hub.example.com --name acme+ci --token-file token
            """)

    @Argument(help: ArgumentHelp("The service's address.", valueName: "url")) var server: String

    @Option(help: ArgumentHelp("Your login; asked for without it.", valueName: "login")) var name: String?

    @Option(help: ArgumentHelp("A file with your password, or - for standard input.", valueName: "file"))
    var passwordFile: String?

    @Option(help: ArgumentHelp("A file with a token to keep, or - for standard input.", valueName: "file"))
    var tokenFile: String?

    @Option(help: ArgumentHelp("PEM file of authorities to trust as well. [env: PORTREEVE_CA_FILE]", valueName: "file"))
    var caFile: String?

    func validate() throws {
        if passwordFile != nil, tokenFile != nil {
            throw ValidationError("give --password-file or --token-file, not both")
        }
    }

    func run() async throws {
        let environment = ProcessInfo.processInfo.environment
        var profiles = try Profiles(environment)
        let address = try ServerAddress(server)
        if address.isReadableOnTheWay {
            Terminal.warn("the password is sent to \(address.origin) without encryption: use https")
        }
        let authorities = (caFile ?? environment[.authorities]).map {
            URL(fileURLWithPath: $0).standardizedFileURL.path
        }
        let name = try name ?? TerminalQuestion.ask("Login: ")
        let profile =
            tokenFile == nil
            ? try await newToken(of: name, address, authorities) : try await kept(name, address, authorities)
        try profiles.put(profile)
        let end = profile.endsAt.map { ", until \($0)" } ?? ""
        Terminal.print("Logged in to \(address.text) as \(profile.user)\(end).".withoutControls)
    }

    /// A token that is made for this machine.
    private func newToken(of name: String, _ address: ServerAddress, _ authorities: String?) async throws -> Profile {
        let password = try SecretInput.read(file: passwordFile, prompt: "Password of \(name): ")
        let credential = Data("\(name):\(password)".utf8).base64EncodedString()
        return try await Self.asking(address, "Basic " + credential, authorities) { api in
            let name = try await api.get(APIPath.make("v1", "users", "me"))["name"].string ?? ""
            let end = Date().addingTimeInterval(90 * 86_400).ISO8601Format()
            let body = JSONValue(members: [
                ("name", .string("portreeve on \(ProcessInfo.processInfo.hostName.prefix(60))")),
                ("expires_at", .string(end)),
            ])
            let token = try await api.json(
                APIRequest("POST", APIPath.make("v1", "users", name, "tokens"), body))
            guard let secret = token["secret"].string, secret.hasPrefix("prt_"), let id = token["id"].string else {
                throw APIClient.notOurs
            }
            return Profile(
                server: address.text, user: name, token: secret, tokenID: id,
                endsAt: token["expires_at"].string?.withoutControls, authorities: authorities)
        }
    }

    /// One that there is already, once it was tried.
    private func kept(_ name: String, _ address: ServerAddress, _ authorities: String?) async throws -> Profile {
        let token = try SecretInput.read(file: tokenFile, prompt: "Token: ")
        let credential = Data("\(name):\(token)".utf8).base64EncodedString()
        return try await Self.asking(address, "Basic " + credential, authorities) { api in
            _ = try await api.send(APIRequest("GET", APIPath.make("v1", "repositories", query: [("limit", "1")])))
            return Profile(server: address.text, user: name, token: token, tokenID: "", authorities: authorities)
        }
    }

    static func asking<Answer>(
        _ address: ServerAddress, _ authorization: String, _ authorities: String?,
        _ body: (APIClient) async throws -> Answer
    ) async throws -> Answer {
        let transport = try RemoteTransport(
            address, authorization: authorization, authorities: authorities, limit: 1 << 20)
        do {
            let answer = try await body(APIClient(transport: transport))
            await transport.close()
            return answer
        } catch {
            await transport.close()
            throw error
        }
    }
}

struct Logout: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Forgets a login, and revokes the token that it made.",
        discussion: """
            Example:
              portreeve logout
            """)

    @Argument(help: ArgumentHelp("The service's address; the last one without it.", valueName: "url"))
    var server: String?

    func run() async throws {
        var profiles = try Profiles(ProcessInfo.processInfo.environment)
        let address = try server.map { try ServerAddress($0) }
        guard let profile = address.map(profiles.profile) ?? profiles.current else {
            throw CommandFailure.input("you are not logged in" + (server.map { " to \($0)" } ?? ""))
        }
        if !profile.tokenID.isEmpty { try await revoke(profile) }
        try profiles.remove(profile)
        Terminal.print("Logged out of \(profile.server).")
    }

    /// A token that cannot be revoked now ends by itself: it must not keep the login here.
    private func revoke(_ profile: Profile) async throws {
        do {
            try await Login.asking(
                ServerAddress(profile.server), "Bearer " + profile.token, profile.authorities
            ) { api in
                let path = APIPath.make("v1", "users", profile.user, "tokens", profile.tokenID)
                _ = try await api.send(APIRequest("DELETE", path))
            }
        } catch let failure as CommandFailure {
            let end = profile.endsAt.map { "; it ends at \($0)" } ?? ""
            Terminal.warn("the token was not revoked: \(failure)\(end)")
        }
    }
}

struct WhoAmI: APICommand {
    static let configuration = CommandConfiguration(
        commandName: "whoami", abstract: "Shows as whom commands work, and where.",
        discussion: """
            Example:
              portreeve whoami
            """)

    @OptionGroup var output: OutputOptions
    @OptionGroup(title: "Where") var connection: ConnectionOptions

    func run(with api: APIClient) async throws {
        let place = try connection.place()
        let token = try await found(APIPath.make("v1", "tokens", "current"), api)
        let user = token == nil ? try await found(APIPath.make("v1", "users", "me"), api) : nil
        let name = token?["holder"].string ?? user?["name"].string
        let end = token?["expires_at"] ?? .null
        let item = JSONValue(members: [
            ("user", JSONValue(name)), ("where", .string(place.text)), ("login_ends_at", end),
            ("token", token ?? .null),
        ])
        output.show(
            item,
            [
                Column("USER") { _ in name ?? "none: on the file everything is allowed" },
                Column("WHERE") { _ in place.text }, Column("LOGIN ENDS") { _ in end.text },
                Column("TOKEN") { $0["token"]["name"].text },
                Column("LIMITED TO") { TokenCommands.limit($0["token"]) },
                Column("MAY") { TokenCommands.rights($0["token"]) },
            ])
    }

    /// nil where there is no such thing: a password is no token, and a command on the file is nobody's.
    private func found(_ path: String, _ api: APIClient) async throws -> JSONValue? {
        let response = try await api.transport.send(APIRequest("GET", path))
        return [404, 409].contains(response.status) ? nil : try APIClient.json(try api.checked(response))
    }
}
