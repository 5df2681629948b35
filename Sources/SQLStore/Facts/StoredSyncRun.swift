import AccessControl
import AccessModel

/// A synchronisation in its row: the run as JSON, and beside it what is large and seldom read: the
/// plan, a line of JSON for each change and the places of those that are held, the settlement and the tally. The notes
/// of the plan have rows of their own, which all runs share that have the same.
enum StoredSyncRun {
    /// The state in the row of a run that refers to another one.
    static let heldElsewhere = "held-elsewhere"

    static let insert = """
        INSERT INTO sync_runs (id, directory, started_at, state, is_good, body, plan, settlement, tally, notes)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (id) DO UPDATE SET directory = excluded.directory, started_at = excluded.started_at,
            state = excluded.state, is_good = excluded.is_good, body = excluded.body,
            plan = coalesce(excluded.plan, sync_runs.plan), settlement = excluded.settlement,
            tally = coalesce(excluded.tally, sync_runs.tally), notes = coalesce(excluded.notes, sync_runs.notes)
        """

    /// - Parameter notes: the list of the notes of its plan.
    static func row(_ run: SyncRun, notes: String?) throws(AccessError) -> [SQLValue] {
        let isGood = run.mode == .run && run.isComplete && (run.state == .applied || run.state == .held)
        var body = run
        body.plan = nil
        body.held = []
        return [
            .text(run.id), .text(run.directory), .integer(run.startedAt.microseconds),
            .text(state(of: run)),
            SQLValue(isGood), .text(try StoredJSON.encode(body)),
            SQLValue(
                try run.plan.map { (plan) throws(AccessError) in
                    try text(of: plan, held: run.held)
                }),
            SQLValue(
                try run.settlement.map { (settlement) throws(AccessError) in
                    var settlement = settlement
                    // They are those of the plan.
                    settlement.notes = []
                    return try StoredJSON.encode(settlement)
                }),
            SQLValue(try run.tally.map { (tally) throws(AccessError) in try StoredJSON.encode(tally) }),
            SQLValue(notes),
        ]
    }

    /// In the row, what waits is told from what does not.
    private static func state(of run: SyncRun) -> String {
        switch run.state {
        case .held where !run.isWaiting: heldElsewhere
        case .planned where !run.isWaiting: "planned-nothing"
        default: run.state.rawValue
        }
    }

    /// Of a row whose first columns are `body` and `plan` or NULL, without the notes that have rows of their own.
    static func run(_ row: any SQLRow) throws(AccessError) -> SyncRun {
        var run = try StoredJSON.decode(SyncRun.self, from: try row.requiredText(0))
        guard let text = row.text(1) else { return run }
        (run.plan, run.held) = try plan(text, of: run.directory)
        return run
    }

    private struct Head: Codable {
        /// Of runs that were kept before notes had rows of their own.
        var notes: [SyncNote]
        var held: [Held]
        struct Held: Codable {
            var reason: String
            /// Places in the plan.
            var changes: [Int]
        }
    }

    private static func text(of plan: SyncPlan, held: [HeldPart]) throws(AccessError) -> String {
        var text = try StoredJSON.encode(Head(notes: [], held: places(of: held, in: plan)))
        for change in plan.changes {
            var writer = JSONObjectWriter()
            SyncChangeRecord(change).write(to: &writer)
            text += "\n"
            text += writer.finish()
        }
        return text
    }

    /// Held parts take their changes from the plan in its order.
    private static func places(of held: [HeldPart], in plan: SyncPlan) -> [Head.Held] {
        guard !held.isEmpty else { return [] }
        let places = Dictionary(zip(plan.changes, plan.changes.indices), uniquingKeysWith: { first, _ in first })
        return held.map { part in Head.Held(reason: part.reason, changes: part.changes.compactMap { places[$0] }) }
    }

    private static func plan(_ text: String, of directory: String) throws(AccessError) -> (SyncPlan, [HeldPart]) {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: true)[...]
        let head = try StoredJSON.decode(Head.self, from: String(lines.popFirst() ?? ""))
        let changes = try lines.map { (line) throws(AccessError) in
            var reader = try JSONObjectReader(String(line))
            let record = try SyncChangeRecord(json: &reader)
            guard let change = SyncChange(record) else {
                throw AccessError.storage(.damaged("a stored plan has a change that is not complete"))
            }
            return change
        }
        let held = head.held.map { part in
            HeldPart(reason: part.reason, changes: part.changes.filter(changes.indices.contains).map { changes[$0] })
        }
        return (SyncPlan(directory: directory, changes: changes, notes: head.notes), held)
    }
}

extension SyncChangeRecord {
    fileprivate func write(to json: inout JSONObjectWriter) {
        json.member("account_id", accountID?.rawValue)
        json.member("action", action.rawValue)
        json.member("active", active.map { $0 ? 1 : 0 })
        json.member("dn", dn)
        json.member("email", email)
        json.member("external_id", externalID)
        json.member("full_name", fullName)
        json.member("gone", gone.map { $0 ? 1 : 0 })
        json.member("login", login?.rawValue)
        json.member("new_login", newLogin?.rawValue)
        json.member("new_name", newName?.rawValue)
        json.member("organization", organization?.rawValue)
        json.member("organization_id", organizationID?.rawValue)
        json.member("principal_name", principalName)
        json.member("reason", reason)
        json.member("role", role?.rawValue)
        json.member("team", team?.rawValue)
        json.member("team_id", teamID?.rawValue)
    }

    fileprivate init(json: inout JSONObjectReader) throws(AccessError) {
        let accountID = try json.optionalText("account_id")
        self.init(action: try json.word("action"))
        self.accountID = accountID.map(AccountID.init(rawValue:))
        active = try json.optionalInteger("active").map { $0 == 1 }
        dn = try json.optionalText("dn")
        email = try json.optionalText("email")
        externalID = try json.optionalText("external_id")
        fullName = try json.optionalText("full_name")
        gone = try json.optionalInteger("gone").map { $0 == 1 }
        login = try json.optionalText("login").map(AccountName.init(trusted:))
        newLogin = try json.optionalText("new_login").map(AccountName.init(trusted:))
        newName = try json.optionalText("new_name").map(AccountName.init(trusted:))
        organization = try json.optionalText("organization").map(AccountName.init(trusted:))
        organizationID = try json.optionalText("organization_id").map(AccountID.init(rawValue:))
        principalName = try json.optionalText("principal_name")
        reason = try json.text("reason")
        role = try json.optionalText("role").flatMap(OrganizationMember.Role.init(rawValue:))
        team = try json.optionalText("team").map(TeamName.init(trusted:))
        teamID = try json.optionalText("team_id").map(TeamID.init(rawValue:))
        try json.finish()
    }
}
