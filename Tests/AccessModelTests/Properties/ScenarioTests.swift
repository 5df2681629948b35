import AccessModel
import Foundation
import ReferenceModel
import Testing

/// Failures of the past and worlds worth keeping. Every file runs through every path: the graph
/// rebuilt, patched and replayed against the reference, and what the file itself expects.
@Suite struct ScenarioTests {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Scenarios")

    static var files: [String] {
        get throws {
            try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".txt") }.sorted()
        }
    }

    @Test func `there are scenarios`() throws {
        #expect(try !Self.files.isEmpty)
    }

    @Test(arguments: try files)
    func `every path agrees on the scenario`(file: String) throws {
        let scenario = try Scenario(try String(contentsOf: Self.folder.appending(path: file), encoding: .utf8))
        let history = scenario.history
        #expect(history.isPossible, "\(history.start.problems)")
        let world = history.end
        let rebuilt = try AccessGraph(facts: world.facts, revision: 9)
        let patched = try AccessGraph(facts: history.start.facts, revision: 1).applying(history.changes, revision: 9)
        let log = history.start.facts.map(Change.insert) + history.changes
        let replayed = try AccessGraph().applying(log, revision: 9)
        var chance = Worlds.Chance(random: SplitMix64(seed: 0))
        #expect(disagreement(rebuilt, ReferenceEvaluator(world), &chance) == nil)
        #expect(difference(rebuilt, patched, in: world, &chance) == nil)
        #expect(difference(rebuilt, replayed, in: world, &chance) == nil)
        for expected in scenario.expectations {
            let decision = patched.check(expected.principal, expected.action, expected.path, at: world.now)
            #expect(decision.isAllowed == expected.isAllowed, "\(expected): \(decision)")
        }
        Tally.add(decisions: chance.compared, worlds: 1, disagreements: 0)
    }

    @Test func `a scenario is written as it is read`() {
        Worlds.eachHistory { history, chance in
            let text = Scenario(history).text
            let read = try Scenario(text)
            guard read.text == text else { return "it becomes\n\(read.text)" }
            let (one, other) = (try history.end.graph, try read.history.end.graph)
            return difference(one, other, in: history.end, comparingRights: false, &chance)
        }
    }

    @Test(
        arguments: [
            ("user", 1), ("user ann\nwhat ann", 2), ("member acme ann owner", 1), ("org acme\n\nteam acme", 3),
            ("now tomorrow", 1), ("user Ann", 1), ("user ann\n- user bob", 2), ("user ann\n~ user ann", 2),
            ("user ann\n+ user bob\nuser cat", 3), ("expect ann fly a/b", 1),
        ])
    func `an error names the line`(text: String, line: Int) {
        let error = #expect(throws: ScenarioError.self) { try Scenario(text) }
        #expect(error?.line == line)
    }
}
