import AccessModel
import ReferenceModel
import Testing

@Suite struct DifferencePropertyTests {
    // What somebody has with everybody else is told for the anonymous alone.
    @Test func `the access differences of a change are those of the reference`() {
        Worlds.eachHistory(events: 3) { history, chance in
            let (before, after) = (history.start, history.end)
            let (old, new) = (ReferenceEvaluator(before), ReferenceEvaluator(after))
            let told = try before.graph.accessDifferences(after: history.changes, at: before.now)
            for difference in told {
                chance.compared += 1
                let levels = (
                    old.level(of: difference.principal, on: difference.repository),
                    new.level(of: difference.principal, on: difference.repository)
                )
                guard levels == (difference.before, difference.after), levels.0 != levels.1 else {
                    return "\(difference), but the levels are \(levels)"
                }
            }
            for path in Set(before.paths + after.paths) {
                let everybodys = (old.level(of: .anonymous, on: path), new.level(of: .anonymous, on: path))
                for principal in Set(before.principals + after.principals) {
                    chance.compared += 1
                    let levels = (old.level(of: principal, on: path), new.level(of: principal, on: path))
                    let isTheirs = isMore(levels.0, than: everybodys.0) || isMore(levels.1, than: everybodys.1)
                    guard levels.0 != levels.1, isTheirs || principal == .anonymous else { continue }
                    let isTold = told.contains { $0.principal == principal && $0.repository == path }
                    guard isTold else { return "\(principal) on \(path): \(levels) is not told" }
                }
            }
            return nil
        }
    }

    private func isMore(_ level: AccessLevel?, than other: AccessLevel?) -> Bool {
        level.map { level in other.map { $0 < level } ?? true } ?? false
    }
}
