import AccessModel
import Foundation
import ReferenceModel
import Synchronization
import Testing

/// Runs a property over many random worlds. `PORTREEVE_WORLDS` says how many,
/// `PORTREEVE_SEED` where they begin; the same two numbers make the same worlds.
enum Worlds {
    static let count = number("PORTREEVE_WORLDS") ?? 36
    static let seed = UInt64(number("PORTREEVE_SEED") ?? 20_260_301)

    private static func number(_ name: String) -> Int? { ProcessInfo.processInfo.environment[name].flatMap { Int($0) } }

    /// What a property gets: chance of its own for each world, and a count of what it compared.
    struct Chance {
        var random: SplitMix64
        var compared = 0
    }

    /// `property` answers what is wrong with a world, or nil. A world that fails is shrunk and
    /// shown as a scenario, to be kept in `Scenarios` and mended.
    static func each(
        _ sentence: String = #function, location: SourceLocation = #_sourceLocation,
        _ property: @escaping (World, inout Chance) throws -> String?
    ) {
        each(
            sentence, location: location, make: { RandomWorld.make(using: &$0) }, text: { Scenario($0).text }, property
        ) {
            world, fails in world.shrunk(while: fails)
        }
    }

    /// The same over a world and what happens in it.
    static func eachHistory(
        _ sentence: String = #function, events: Int = 12, location: SourceLocation = #_sourceLocation,
        _ property: @escaping (History, inout Chance) throws -> String?
    ) {
        func make(_ random: inout SplitMix64) -> History {
            let start = RandomWorld.make(events: 20 + random.below(60), using: &random)
            var world = start
            let changes = (0..<events).flatMap { _ in RandomChange.next(in: &world, growth: 40, using: &random) }
            return History(start: start, changes: changes)
        }
        each(sentence, location: location, make: make, text: { Scenario($0).text }, property) { history, fails in
            history.shrunk(while: fails)
        }
    }

    /// A world with a control plane, and what happens in both planes.
    static func eachControlHistory(
        _ sentence: String = #function, events: Int = 12, location: SourceLocation = #_sourceLocation,
        _ property: @escaping (History, inout Chance) throws -> String?
    ) {
        func make(_ random: inout SplitMix64) -> History {
            let people = RandomWorld.make(events: 20 + random.below(60), using: &random)
            let start = RandomControlChange.begin(people, events: 10 + random.below(60), using: &random)
            var world = start
            let changes = (0..<events).flatMap { _ in
                random.chance(percent: 60)
                    ? RandomControlChange.next(in: &world, growth: 40, using: &random)
                    : RandomChange.next(in: &world, growth: 40, using: &random)
            }
            return History(start: start, changes: changes)
        }
        func text(_ history: History) -> String {
            (history.start.facts.map { "\($0)" } + history.changes.map { "\($0)" }).joined(separator: "\n")
        }
        each(sentence, location: location, make: make, text: text, property) { history, fails in
            history.shrunk(while: fails)
        }
    }

    private static func each<Subject>(
        _ sentence: String, location: SourceLocation, make: (inout SplitMix64) -> Subject, text: (Subject) -> String,
        _ property: @escaping (Subject, inout Chance) throws -> String?,
        shrink: (Subject, (Subject) -> Bool) -> Subject
    ) {
        defer { Tally.report() }
        for number in 0..<count {
            var random = SplitMix64(seed: seed &+ UInt64(number))
            let subject = make(&random)
            func problem(_ subject: Subject, _ compared: inout Int) -> String? {
                var chance = Chance(random: random)
                defer { compared += chance.compared }
                do { return try property(subject, &chance) } catch { return "it throws \(error)" }
            }
            var compared = 0
            let found = problem(subject, &compared)
            Tally.add(decisions: compared, worlds: 1, disagreements: found == nil ? 0 : 1)
            guard found != nil else { continue }
            var ignored = 0
            let smallest = shrink(subject) { problem($0, &ignored) != nil }
            let wrong = problem(smallest, &ignored) ?? "nothing, after shrinking"
            Issue.record(
                "\(sentence): not so in the world of PORTREEVE_SEED=\(seed &+ UInt64(number)). \(wrong)\n\(text(smallest))",
                sourceLocation: location)
            return
        }
    }
}

/// What the run has compared, printed in one line after each property: the last line counts all.
enum Tally {
    private struct Sums { var decisions = 0, worlds = 0, disagreements = 0 }
    private static let sums = Mutex(Sums())

    static func add(decisions: Int, worlds: Int, disagreements: Int) {
        sums.withLock { sums in
            sums.decisions += decisions
            sums.worlds += worlds
            sums.disagreements += disagreements
        }
    }

    static func report() {
        let sums = sums.withLock(\.self)
        print(
            "compared so far: \(grouped(sums.decisions)) decisions in \(grouped(sums.worlds)) worlds: "
                + "\(grouped(sums.disagreements)) disagreements")
    }

    /// 1204332 as 1,204,332.
    private static func grouped(_ number: Int) -> String {
        var digits = String(number)
        var groups: [String] = []
        while digits.count > 3 {
            groups.insert(String(digits.suffix(3)), at: 0)
            digits.removeLast(3)
        }
        return ([digits] + groups).joined(separator: ",")
    }
}
