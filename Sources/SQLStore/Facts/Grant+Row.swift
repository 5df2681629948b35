import AccessControl
import AccessModel

extension Grant: StoredFact {
    static let table = FactTable(
        "grants", key: ["subject_id", "target_id", "subject_kind", "target_kind"], columns: ["level", "expires_at"])
    static let listing = table.select + " ORDER BY subject_id, target_id"

    init(row: any SQLRow) throws(AccessError) {
        guard let subject = GrantSubject(kind: try row.requiredText(2), id: try row.requiredText(0)) else {
            throw .damagedColumn(2)
        }
        guard let target = GrantTarget(kind: try row.requiredText(3), id: try row.requiredText(1)) else {
            throw .damagedColumn(3)
        }
        self.init(
            subject: subject, target: target, level: try row.word(4),
            expiresAt: row.integer(5).map(Timestamp.init(microseconds:)))
    }

    func row(_: PersonalDigests) -> [SQLValue] {
        [
            .text(subject.id), .text(target.id), .text(subject.kind), .text(target.kind), .text(level.rawValue),
            SQLValue(expiresAt?.microseconds),
        ]
    }

    init(json: inout JSONObjectReader) throws(AccessError) {
        let expiresAt = try json.optionalInteger("expires_at")
        let level: AccessLevel = try json.word("level")
        let subjectID = try json.text("subject_id")
        guard let subject = GrantSubject(kind: try json.text("subject_kind"), id: subjectID) else {
            throw json.damaged("subject_kind")
        }
        let targetID = try json.text("target_id")
        guard let target = GrantTarget(kind: try json.text("target_kind"), id: targetID) else {
            throw json.damaged("target_kind")
        }
        self.init(
            subject: subject, target: target, level: level, expiresAt: expiresAt.map(Timestamp.init(microseconds:)))
    }

    func write(to json: inout JSONObjectWriter, _: PersonalDigests) {
        json.member("expires_at", expiresAt?.microseconds)
        json.member("level", level.rawValue)
        json.member("subject_id", subject.id)
        json.member("subject_kind", subject.kind)
        json.member("target_id", target.id)
        json.member("target_kind", target.kind)
    }

    var fact: Fact { .grant(self) }
}
