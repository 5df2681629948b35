import Foundation
import TestSupport
import Testing

/// Names that a shell completes, with a real bash and the script that the package installs.
@Suite(.timeLimit(.minutes(3)))
struct CompletionTests {
    private static let script = """
        source "$1"
        while IFS= read -r line; do
            read -ra COMP_WORDS <<<"$line"
            COMP_LINE=$line COMP_CWORD=$((${#COMP_WORDS[@]} - 1)) COMP_POINT=${#line} COMPREPLY=()
            _portreeve
            echo "${COMPREPLY[*]}"
        done
        """

    @Test func `names are completed where the command would work, and nothing is said where that fails`() async throws {
        let company = try PortreeveInstallation()
        try await company.run(["migrate"]).required()
        try await company.run(["import", Checkout.path("Sample-Data/nerd-dinner.jsonl")]).required()
        try await company.makeUsers("elton", "elsa", "frida")
        try await company.run(["service-account", "create", "nerd-dinner+ci"]).required()
        let generated = try await company.run(["--generate-completion-script", "bash"]).required()
        let completion = try company.folder.write(generated.output, to: "completion.bash")
        let script = try company.folder.write(Self.script, to: "complete.sh")
        let web = "nerd-dinner/nerd-dinner-web"
        let lines: KeyValuePairs = [
            "portreeve user show el": "elsa elton",
            "portreeve org member add nerd-dinner fr": "frida",
            "portreeve team member list ner": "nerd-dinner/developers nerd-dinner/engineering nerd-dinner/ops",
            "portreeve repository show nerd-dinner/nerd-dinner-w": web,
            "portreeve service-account show nerd-dinner+": "nerd-dinner+ci",
            "portreeve grant put nerd-dinner/ops,nerd-dinner/d": "nerd-dinner/ops,nerd-dinner/developers",
            "portreeve grant put nerd-dinner/ops \(web),nerd-dinner/nerd-dinner-h":
                "\(web),nerd-dinner/nerd-dinner-homepage",
            "portreeve user show zzz": "",
            "portreeve grant put $(id),nerd-dinner/o": "",
            "portreeve user show --server http://127.0.0.1:1 el": "",
            "portreeve user show --database /nowhere/x.db el": "",
        ]
        let words = company.words(["bash"])
        let program = URL(filePath: try Checkout.executable()).deletingLastPathComponent().path(percentEncoded: false)
        let settings = words.filter { $0.hasPrefix("PORTREEVE_") }
        let path = "PATH=\(program):\(ProcessInfo.processInfo.environment["PATH"] ?? "")"
        let outcome = try await Program.run(
            ["env"] + settings + [path, "bash", script, completion],
            input: lines.map { $0.key + "\n" }.joined(), in: company.folder.root
        ).required()
        let completed = outcome.output.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        for (number, line) in lines.enumerated() {
            #expect(
                completed[number].split(separator: " ").sorted().joined(separator: " ") == line.value, "\(line.key)")
        }
        #expect(outcome.errors == "", "\(outcome)")
        company.remove()
    }
}
