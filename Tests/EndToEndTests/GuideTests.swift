import Foundation
import TestSupport
import Testing

/// What Documentation/integrate.md shows, as it is written there.
@Suite(.timeLimit(.minutes(5)))
struct GuideTests {
    /// The code of the guide: the fences of a language in their order, with the service's address and a token in the place of
    /// the examples'.
    private static func code(_ language: String, _ url: String, _ token: String) throws -> [String] {
        let guide = try String(contentsOfFile: Checkout.path("Documentation/integrate.md"), encoding: .utf8)
        var found: [String] = []
        var open: (language: Substring, lines: [Substring])?
        for line in guide.split(separator: "\n", omittingEmptySubsequences: false) {
            guard line.hasPrefix("```") else {
                open?.lines.append(line)
                continue
            }
            if let (opened, lines) = open {
                if opened == language { found.append(lines.joined(separator: "\n")) }
                open = nil
            } else {
                open = (line.dropFirst(3), [])
            }
        }
        return found.map {
            $0.replacing("https://portreeve.example.com", with: url).replacing("prt_…", with: token)
        }
    }

    /// The sample company, a token of its administrator, and one of `elton`, who is in the team with read-write.
    private func company() async throws -> (server: PortreeveProcess, token: String) {
        let server = try await PortreeveProcess.start()
        let company = server.installation
        try await company.ask(["import", Checkout.path("Sample-Data/nerd-dinner.jsonl")]).required()
        try await company.makeUsers("elton")
        try await company.ask(["team", "member", "add", "nerd-dinner/ops", "elton"]).required()
        let made = try await company.run([
            "token", "create", PortreeveInstallation.administrator, "guide", "--json",
        ]).required()
        return (server, try Made(made).secret)
    }

    @Test func `the questions of the guide are answered`() async throws {
        let (server, token) = try await company()
        let company = server.installation
        let blocks = try Self.code("", company.url, token).filter { $0.contains("ask ") || $0.contains("ask()") }
        #expect(blocks.count >= 4)
        let script = try company.folder.write(
            blocks.joined(separator: "\necho\n").replacing("nerd-dinner/web", with: "nerd-dinner/nerd-dinner-web")
                + "\n", to: "questions.sh")
        let answers = try await Program.run(["bash", "-e", script], in: company.folder.root).required()
            .output.split(separator: "\n").map { try JSONValue(parsing: Data($0.utf8)) }
        #expect(answers.count == 3)
        #expect(
            answers.first?["decision"] == true && answers.first?["context"]?["reasons"]?.elements.isEmpty == false,
            "\(answers)")
        #expect(answers.dropFirst().first?["evaluations"]?.elements.count == 2)
        #expect(answers.last?["results"]?.elements.contains { $0["id"] == "elton" } == true, "\(answers)")
        try await server.remove()
    }

    @Test func `the Python of the guide runs`() async throws {
        let (server, token) = try await company()
        let company = server.installation
        let blocks = try Self.code("python", company.url, token)
        #expect(blocks.count == 3)
        let question =
            blocks[0]
            + "\nprint([may(\"elton\", a, \"nerd-dinner/nerd-dinner-web\") for a in (\"push\", \"manage-access\")])\n"
        let asked = try await Program.run(
            [Checkout.pythonTool("python3"), company.folder.write(question, to: "question.py")], in: company.folder.root
        ).required()
        #expect(asked.output == "[True, False]\n")
        let folder = try TemporaryFolder("follower")
        defer { folder.remove() }
        let program = try folder.write(blocks[1], to: "follow.py")
        let follower = try await ServerProcess.start([Checkout.pythonTool("python3"), "-u", program], in: folder)
        try await company.ask(["org", "create", "seen-live"]).required()
        let newest = try await company.send("GET", "/v1/changes?limit=1&order=newest&kind=account", as: company.admin)
        let revision = try JSONValue(parsing: Data(newest.body))["items"]?.elements.first?["revision"]
        try await poll(for: .seconds(30), "the change") {
            let seen = try String(contentsOfFile: folder.path("server.log"), encoding: .utf8)
            return seen.contains("\(try revision?.text ?? "none") account") ? () : nil
        }
        try await follower.stop()
        let able = try await company.ask([
            "token", "create", "elton", "gateway", "--expires-at", "30d", "--may", "rotate", "--json",
        ]).required()
        let rotation = blocks[2] + "\nprint(rotated(\"\(company.url)\", \"\(try Made(able).secret)\")[0])\n"
        let rotated = try await Program.run(
            [Checkout.pythonTool("python3"), company.folder.write(rotation, to: "rotate.py")], in: company.folder.root
        ).required().output.trimmingCharacters(in: .whitespacesAndNewlines)
        #expect(try await company.send("GET", "/v1/tokens/current", as: .bearer(rotated)).status == 200)
        try await server.remove()
    }
}
