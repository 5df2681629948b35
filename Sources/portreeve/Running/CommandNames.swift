import ArgumentParser
import StrictJSON

/// Names of commands that people mistype.
enum CommandNames {
    /// The present words for those that commands had before.
    static func current(_ arguments: [String]) -> [String] {
        let former = ["members": "list", "add": "add", "remove": "remove"]
        guard arguments.count > 1, arguments[0] == "team", let word = former[arguments[1]] else { return arguments }
        return ["team", "member", word] + arguments.dropFirst(2)
    }

    /// What to say of the first word that is no command; nil if they all are.
    static func misspelt(_ arguments: [String], below root: any ParsableCommand.Type) -> String? {
        var command = root
        var path = "portreeve"
        for argument in arguments {
            let below = command.configuration.subcommands
            guard !below.isEmpty, !argument.hasPrefix("-"), argument != "help" else { return nil }
            if let next = below.first(where: { names(of: $0).contains(argument) }) {
                command = next
                path += " \(next._commandName)"
                continue
            }
            let known = below.flatMap(names)
            let meant = synonyms[argument]?.first(where: known.contains) ?? known.nearest(to: argument)
            let near = meant.map { "; is \"\($0)\" meant?" }
            return "there is no command \"\(argument)\"\(near ?? ": see \(path) --help")"
        }
        return nil
    }

    /// What other programs call it.
    private static let synonyms: [String: [String]] = [
        "ls": ["list"], "get": ["show", "list"], "describe": ["show"], "info": ["show"], "new": ["create"],
        "add": ["put", "create"], "set": ["put", "update"], "edit": ["update"], "rename": ["move", "update"],
        "rm": ["delete", "remove"], "remove": ["delete"], "revoke": ["delete"], "del": ["delete", "remove"],
        "audit": ["changes"], "log": ["changes"], "history": ["changes"],
    ]

    private static func names(of command: any ParsableCommand.Type) -> [String] {
        [command._commandName] + command.configuration.aliases
    }
}
