import ArgumentParser
import Foundation
import Server

/// Where a command works: at a service, or on its database file.
struct ConnectionOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The service's address; without it where you are logged in, else the database file (--help-hidden tells more).",
            valueName: "url"))
    var server: String?

    @Option(
        help: ArgumentHelp(
            "A file with a token for the service. [env: PORTREEVE_TOKEN_FILE; PORTREEVE_TOKEN has the token]",
            valueName: "file", visibility: .hidden))
    var tokenFile: String?

    @Option(
        help: ArgumentHelp(
            "Log in with this name and a password instead of a token.", valueName: "name", visibility: .hidden))
    var login: String?

    @Option(
        help: ArgumentHelp(
            "A file with that password, or - for standard input; else it is asked for.", valueName: "file",
            visibility: .hidden))
    var loginPasswordFile: String?

    @Option(
        help: ArgumentHelp(
            "PEM file of authorities to trust as well. [env: PORTREEVE_CA_FILE]", valueName: "file", visibility: .hidden
        ))
    var caFile: String?

    @Option(
        help: ArgumentHelp("Work on this database file, without a service.", valueName: "path", visibility: .hidden))
    var database: String?

    @Option(
        help: ArgumentHelp("Settings of the service, for its database file.", valueName: "file", visibility: .hidden))
    var config: String?

    @Option(
        name: .customLong("as"),
        help: ArgumentHelp("On the file: with the rights of this user.", valueName: "user", visibility: .hidden))
    var actingAs: String?

    func validate() throws {
        if server != nil, database != nil || config != nil || actingAs != nil {
            throw ValidationError(
                "--server asks a service; --database, --config and --as are for the file: use one or the other")
        }
        if login != nil, tokenFile != nil { throw ValidationError("give --login or --token-file, not both") }
        if loginPasswordFile != nil, login == nil { throw ValidationError("--login-password-file needs --login") }
    }

    func open() async throws -> any APITransport {
        let place = try place()
        guard let address = place.address else { return try await local() }
        return try remote(address, place.profile, ProcessInfo.processInfo.environment)
    }

    /// Where a command works.
    struct Place {
        /// nil for the file.
        let address: ServerAddress?
        let profile: Profile?

        var text: String { address?.text ?? "the database file" }
    }

    /// At the service that is named, else on the file that is, else where somebody logged in, else on the file of the
    /// settings.
    func place() throws -> Place {
        let environment = ProcessInfo.processInfo.environment
        guard !isOnFile else { return Place(address: nil, profile: nil) }
        if let server = server ?? environment[.server] {
            let address = try ServerAddress(server)
            return Place(address: address, profile: try Profiles(environment).profile(of: address))
        }
        guard environment.nonEmpty("PORTREEVE_DATABASE") == nil, environment[.config] == nil,
            let profile = try Profiles(environment).current
        else { return Place(address: nil, profile: nil) }
        return Place(address: try ServerAddress(profile.server), profile: profile)
    }

    /// The file, whatever the environment says.
    func local(createsDatabase: Bool = false) async throws -> LocalTransport {
        guard server == nil else {
            throw CommandFailure.input("this works on the database file only: use --database instead of --server")
        }
        let settings = try SettingsLoading.load(config: config, overrides: database.map { ["database": $0] } ?? [:])
        return try await LocalTransport(settings, actingAs: actingAs, createsDatabase: createsDatabase)
    }

    private var isOnFile: Bool { database != nil || config != nil || actingAs != nil }

    private func remote(
        _ address: ServerAddress, _ profile: Profile?, _ environment: [String: String]
    ) throws -> RemoteTransport {
        let authorization = try authorization(environment) ?? profile.map { "Basic " + $0.credential }
        if authorization != nil, address.isReadableOnTheWay {
            Terminal.warn("the credential is sent to \(address.origin) without encryption: use https")
        }
        return try RemoteTransport(
            address, authorization: authorization,
            authorities: caFile ?? environment[.authorities] ?? profile?.authorities)
    }

    private func authorization(_ environment: [String: String]) throws -> String? {
        if let login {
            let password = try SecretInput.read(file: loginPasswordFile, prompt: "Password of \(login): ")
            return "Basic " + Data("\(login):\(password)".utf8).base64EncodedString()
        }
        if let tokenFile = tokenFile ?? environment[.tokenFile] {
            return "Bearer " + (try SecretInput.read(file: tokenFile, prompt: "Token: "))
        }
        return environment[.token].map { "Bearer " + $0 }
    }
}

extension [String: String] {
    func nonEmpty(_ key: String) -> String? {
        self[key].flatMap { $0.isEmpty ? nil : $0 }
    }
}
