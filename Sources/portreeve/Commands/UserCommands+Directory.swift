import ArgumentParser
import StrictJSON

extension UserCommands {
    struct Link: APICommand {
        static let configuration = CommandConfiguration(
            abstract: "Hands an account over to a person of a directory.",
            discussion: """
                From then on the directory says what the account is called, whether it is active and who logs in; its \
                password here is gone, and its memberships and grants stay. Synchronisation never does this by itself; \
                the notes of portreeve sync plan name the person's identity (objectGUID or entryUUID).

                Example:
                  portreeve user link elton corp 7a0c3f5e-1b7c-4a56-9f0e-6b1d2c3e4f50
                """)

        @Argument(completion: .users) var name: String
        @Argument(completion: .directories) var directory: String
        @Argument(help: "The person's objectGUID or entryUUID.") var identity: String

        @OptionGroup var rehearsal: DryRunOption
        @OptionGroup var output: OutputOptions
        @OptionGroup(title: "Where") var connection: ConnectionOptions

        func run(with api: APIClient) async throws {
            let path = APIPath.make("v1", "users", name, "directory", query: [rehearsal.parameter])
            let body: JSONValue = ["directory": .string(directory), "external_id": .string(identity)]
            let response = try await api.send(APIRequest("PUT", path, body))
            try rehearsal.report(
                "Linked \(name) to \(directory), whose passwords count from its next synchronisation on", response,
                output)
        }
    }

    struct Unlink: APICommand {
        static let configuration = CommandConfiguration(
            abstract: "Makes an account local, with what it has.",
            discussion: """
                It has no password until portreeve user password gives it one. While the person is in the directory, \
                the next synchronisation reports that the name is taken.
                """)

        @Argument(completion: .users) var name: String

        @OptionGroup var rehearsal: DryRunOption
        @OptionGroup var output: OutputOptions
        @OptionGroup(title: "Where") var connection: ConnectionOptions

        func run(with api: APIClient) async throws {
            let path = APIPath.make("v1", "users", name, "directory", query: [rehearsal.parameter])
            try rehearsal.report(
                "Made \(name) local, without a password until it is given one",
                try await api.send(APIRequest("DELETE", path)), output)
        }
    }
}
