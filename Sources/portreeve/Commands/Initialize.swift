import ArgumentParser

struct Initialize: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Makes the first system administrator, and the database if there is none.",
        discussion: """
            Without a file a password is made up and shown this once.

            Examples:
              portreeve init --admin alice
              portreeve init --admin alice --password-file alice --database company.db
            """)

    @Option(help: ArgumentHelp("Who becomes system administrator.", valueName: "name"))
    var admin = "admin"

    @Option(help: ArgumentHelp("A file with their password, or - for standard input.", valueName: "file"))
    var passwordFile: String?

    @OptionGroup(title: "Where") var connection: ConnectionOptions

    func run() async throws {
        let given = try passwordFile.map { try SecretInput.read(file: $0, prompt: "") }
        let password = given ?? Self.makePassword()
        let service = try await connection.local(createsDatabase: true)
        let revision: Int64
        do {
            revision = try await service.makeFirstAdministrator(name: admin, password: password)
        } catch {
            await service.close()
            throw error
        }
        await service.close()
        Terminal.print("Created system administrator \(admin) in \(service.database) (revision \(revision))")
        if given == nil { Terminal.print("Password, shown this once: \(password)") }
    }

    /// 24 characters of 32, which is 120 bits; none that looks like another.
    static func makePassword() -> String {
        let characters = Array("abcdefghijkmnpqrstuvwxyz23456789")
        var generator = SystemRandomNumberGenerator()
        let groups = (0..<6).map { _ in
            String((0..<4).map { _ in characters[Int(generator.next(upperBound: UInt(characters.count)))] })
        }
        return groups.joined(separator: "-")
    }
}
