import ArgumentParser
import Foundation
import Glibc
import Server

/// The commands. Everything that administers speaks the HTTP API, to a service or straight on
/// the database file.
@main
struct Portreeve: AsyncParsableCommand {
    static let version = "0.1.0"

    static let configuration = CommandConfiguration(
        commandName: "portreeve",
        abstract: "Says who may use which image of a registry, and do what with what runs.",
        discussion: """
            Commands work at a service (--server URL, or PORTREEVE_SERVER, with a token in PORTREEVE_TOKEN) or on \
            its database file by themselves (--database PATH, else the database of the settings).

            Examples:
              portreeve init --admin alice
              portreeve serve --listen 127.0.0.1:8080
              portreeve check elton push nerd-dinner/web --explain

            Exit codes: 0 done, 1 the answer is no, 2 usage or input, 3 the service or directory cannot be reached, \
            4 refused by rights or by the brake, 5 no such thing, 6 a directory was not read completely.
            """,
        version: version,
        groupedSubcommands: [
            CommandGroup(
                name: "Service",
                subcommands: [Serve.self, Health.self, Migrate.self, Initialize.self, Backup.self, Verify.self]),
            CommandGroup(name: "Login", subcommands: [Login.self, Logout.self, WhoAmI.self]),
            CommandGroup(
                name: "Decisions", subcommands: [Check.self, Explain.self, WhoMay.self, WhatMay.self, AccessDiff.self]),
            CommandGroup(
                name: "Administration",
                subcommands: [
                    UserCommands.self, ServiceAccountCommands.self, TokenCommands.self, OrganizationCommands.self,
                    TeamCommands.self,
                    RepositoryCommands.self, NamespaceCommands.self, GrantCommands.self, RetiredNameCommands.self,
                    Changes.self,
                ]),
            CommandGroup(
                name: "Control plane",
                subcommands: [
                    RoleCommands.self, CollectionCommands.self, ControlGrantCommands.self, ClusterCommands.self,
                    EngineCommands.self, PlacementCommands.self, ControlPlaneCommands.self,
                ]),
            CommandGroup(
                name: "Data and neighbours",
                subcommands: [
                    Import.self, Export.self, DirectoryCommands.self, SyncCommands.self, RegistryCommands.self,
                ]),
        ])

    static func main() async {
        do {
            var command = try await asyncParseAsRoot(CommandNames.current(Array(CommandLine.arguments.dropFirst())))
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch {
            end(with: error)
        }
    }

    private static func end(with error: any Error) -> Never {
        switch error {
        case let failure as CommandFailure:
            if !failure.description.isEmpty { Terminal.writeError("Error: \(failure)\n") }
            Glibc.exit(failure.status.rawValue)
        case let failure as ServerError:
            Terminal.writeError("Error: \(failure)\n")
            Glibc.exit(failure.exitCode)
        case is CancellationError:
            Glibc.exit(CommandStatus.unreachable.rawValue)
        default:
            endAsParsed(error)
        }
    }

    /// Help and versions that were asked for, and what the parser does not understand.
    private static func endAsParsed(_ error: any Error) -> Never {
        if let near = CommandNames.misspelt(Array(CommandLine.arguments.dropFirst()), below: Portreeve.self) {
            Terminal.writeError("Error: \(near)\n")
            Glibc.exit(CommandStatus.input.rawValue)
        }
        let message = UsageText.wrapped(fullMessage(for: error), width: Terminal.width)
        if exitCode(for: error).isSuccess {
            Terminal.print(message)
            Glibc.exit(CommandStatus.done.rawValue)
        }
        if !message.isEmpty { Terminal.writeError(message + "\n") }
        Glibc.exit((exitCode(for: error) == .validationFailure ? CommandStatus.input : .unreachable).rawValue)
    }
}
