public import AccessModel

extension World {
    /// The smallest world found by taking facts away, with what hangs on them, while `fails`
    /// still holds. Itself, if it does not fail.
    public func shrunk(while fails: (World) -> Bool) -> World {
        guard fails(self) else { return self }
        var smallest = self
        var hasShrunk = true
        while hasShrunk {
            hasShrunk = false
            for fact in smallest.facts {
                // Gone already, or changed, with one that was taken before it.
                guard smallest.facts.contains(fact) else { continue }
                var editor = WorldEditor(smallest)
                editor.remove(fact)
                if fails(editor.world) {
                    smallest = editor.world
                    hasShrunk = true
                }
            }
        }
        return smallest
    }
}

/// A world and what happened in it then.
public struct History: Hashable, Sendable {
    public var start: World
    public var changes: [Change]

    public init(start: World, changes: [Change]) {
        self.start = start
        self.changes = changes
    }

    public var end: World { start.applying(changes) }

    /// Whether each change fits what is there at its time, and leaves a world that can exist.
    public var isPossible: Bool {
        guard start.problems.isEmpty else { return false }
        var world = start
        for change in changes {
            if let before = change.before, !world.facts.contains(before) { return false }
            world.apply(change)
            guard world.problems.isEmpty else { return false }
        }
        return true
    }

    /// The shortest history found by leaving out changes and facts while it stays possible and
    /// `fails` still holds.
    public func shrunk(while fails: (History) -> Bool) -> History {
        guard fails(self) else { return self }
        func failsStill(_ history: History) -> Bool { history.isPossible && fails(history) }
        var smallest = self
        for place in changes.indices.reversed() {
            var shorter = smallest
            shorter.changes.remove(at: place)
            if failsStill(shorter) { smallest = shorter }
        }
        let changes = smallest.changes
        smallest.start = smallest.start.shrunk { failsStill(History(start: $0, changes: changes)) }
        return smallest
    }
}
