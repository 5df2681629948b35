import AccessModel
import Testing

@Suite struct ActionTests {
    /// The table "Actions by level" of the permission model.
    static let matrix: [(action: Action, readOnly: Bool, readWrite: Bool, admin: Bool)] = [
        (.view, true, true, true), (.pull, true, true, true),
        (.push, false, true, true), (.scan, false, true, true), (.sign, false, true, true),
        (.deleteTag, false, true, true),
        (.editDescription, false, false, true), (.setVisibility, false, false, true),
        (.manageAccess, false, false, true), (.deleteRepository, false, false, true),
    ]

    @Test(arguments: matrix.indices)
    func `each level allows the actions that the table gives it`(row: Int) throws {
        let (action, readOnly, readWrite, admin) = Self.matrix[row]
        for (level, expected) in [("read-only", readOnly), ("read-write", readWrite), ("admin", admin)] {
            let tiny = try Tiny("user ann\norg acme\nrepository acme/web private\ngrant ann \(level) on acme/web")
            #expect(try tiny.check("ann", action, "acme/web").isAllowed == expected, "\(action) \(level)")
        }
    }

    @Test func `the table has every action, and its words are those of the interface`() {
        #expect(Self.matrix.map(\.action) == Action.allCases)
        let words = [
            "view", "pull", "push", "scan", "sign", "delete-tag", "edit-description", "set-visibility", "manage-access",
            "delete-repository",
        ]
        #expect(Action.allCases.map(\.rawValue) == words)
    }

    @Test func `read-only is less than read-write, which is less than admin`() {
        #expect(AccessLevel.readOnly < .readWrite)
        #expect(AccessLevel.readWrite < .admin)
        #expect(AccessLevel.allCases.map(\.rawValue) == ["read-only", "read-write", "admin"])
    }
}
