import ArgumentParser
import StrictJSON
import Wording

/// The exchange of the signing key, a command a step. Each says what comes next.
struct SigningKeyCommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key", abstract: "Exchange the key that signs registry tokens, without a moment of refusal.",
        discussion: """
            1. portreeve registry key next           a new key, published at once
            2. portreeve registry certificate > …    for each registry; start it again
            3. portreeve registry key activate       the new key signs
            4. portreeve registry key retire         an hour later
            """,
        subcommands: [List.self, Next.self, Activate.self, Retire.self, Discard.self])

    static let path = APIPath.make("v1", "registry", "keys")

    struct List: APICommand {
        static let configuration = CommandConfiguration(abstract: "Shows the keys, and what to do next.")

        @OptionGroup var list: ListOptions
        @OptionGroup(title: "Where") var connection: ConnectionOptions

        func run(with api: APIClient) async throws {
            let keys = try await api.list(path, limit: list.most)
            let columns = [
                Column("ROLE", "role"), Column("ALGORITHM", "algorithm"),
                Column("SINCE") { String($0["since"].text.prefix(19)) },
                Column("CERTIFICATE ENDS") { String($0["certificate_ends"].text.prefix(10)) }, Column("ID", "id"),
            ]
            list.show(keys, columns, empty: "There is no key.")
            guard !list.json, !list.csv else { return }
            Terminal.print(SigningKeyAdvice.lines(Set(keys.map { $0["role"].text })))
        }
    }

    struct Next: APICommand {
        enum Algorithm: String, ExpressibleByArgument, CaseIterable { case ES256, RS256 }

        static let configuration = CommandConfiguration(abstract: "Makes the key that will sign next.")

        @Option(help: "ES256, which is shorter and faster, or RS256.") var algorithm = Algorithm.ES256

        @OptionGroup(title: "Where") var connection: ConnectionOptions

        func run(with api: APIClient) async throws {
            let body = JSONValue(members: [("algorithm", .string(algorithm.rawValue))])
            _ = try await api.send(APIRequest("POST", path, body))
            Terminal.print("Made the next key (\(algorithm.rawValue)).")
            Terminal.print(SigningKeyAdvice.lines(["signing", "next"]))
        }
    }

    struct Activate: APICommand {
        static let configuration = CommandConfiguration(
            abstract: "Lets the next key sign.",
            discussion: """
                With the setting registry.url the registry is asked first whether it trusts the key.
                """)

        @Flag(help: "Every registry has the new bundle and was started again: I have seen to it.")
        var trusted = false

        @OptionGroup(title: "Where") var connection: ConnectionOptions

        func run(with api: APIClient) async throws {
            let activation = APIPath.make("v1", "registry", "key-activation")
            _ = try await api.send(APIRequest("POST", activation, JSONValue(members: [("trusted", .bool(trusted))])))
            Terminal.print("The new key signs.")
            Terminal.print(SigningKeyAdvice.lines(["signing", "previous"]))
        }
    }

    struct Retire: APICommand {
        static let configuration = CommandConfiguration(
            abstract: "Takes away the previous key, when what it signed has ended.")

        @OptionGroup(title: "Where") var connection: ConnectionOptions

        func run(with api: APIClient) async throws {
            _ = try await api.send(APIRequest("DELETE", APIPath.make("v1", "registry", "keys", "previous")))
            Terminal.print("Took the previous key away. Give registries the new bundle when they start the next time.")
        }
    }

    struct Discard: APICommand {
        static let configuration = CommandConfiguration(abstract: "Takes away a next key that is not wanted.")

        @OptionGroup(title: "Where") var connection: ConnectionOptions

        func run(with api: APIClient) async throws {
            _ = try await api.send(APIRequest("DELETE", APIPath.make("v1", "registry", "keys", "next")))
            Terminal.print("Took the next key away.")
        }
    }
}

/// What to do next in an exchange of keys.
enum SigningKeyAdvice {
    /// - Parameter roles: of the keys that there are.
    static func lines(_ roles: Set<String>) -> [String] {
        if roles.contains("next") {
            return [
                "Now:  portreeve registry certificate > /etc/docker/registry/portreeve.pem   (on every registry)",
                "      start every registry again: it reads the bundle only then",
                "Then: portreeve registry key activate",
            ]
        }
        if roles.contains("previous") {
            return ["Next: portreeve registry key retire, when the old tokens have ended (it says so if they have not)"]
        }
        return ["To exchange the key: portreeve registry key next"]
    }
}
