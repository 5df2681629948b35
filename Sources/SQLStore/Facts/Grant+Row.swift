import AccessControl
import AccessModel

extension Grant: StoredFact {
    static let blank = Grant(
        subject: .user(AccountID(rawValue: "")), target: .namespace(AccountID(rawValue: "")), level: .readOnly)
    static let table = FactTable("grants", of: blank, parts: ["subject_id", "target_id"])
    static let listing = table.select + " ORDER BY subject_id, target_id"

    mutating func code(_ coder: inout some FactCoder) throws(AccessError) {
        var (subjectID, subjectKind, targetID, targetKind) = (subject.id, subject.kind, target.id, target.kind)
        try coder.time("expires_at", &expiresAt)
        try coder.word("level", &level)
        try coder.text(.key("subject_id"), &subjectID)
        try coder.text(.key("subject_kind"), &subjectKind)
        try coder.text(.key("target_id"), &targetID)
        try coder.text(.key("target_kind"), &targetKind)
        guard let subject = GrantSubject(kind: subjectKind, id: subjectID) else { throw coder.damaged("subject_kind") }
        guard let target = GrantTarget(kind: targetKind, id: targetID) else { throw coder.damaged("target_kind") }
        (self.subject, self.target) = (subject, target)
    }

    var fact: Fact { .grant(self) }
}
