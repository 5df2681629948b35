import AccessControl
import AccessModel

extension Repository: StoredFact {
    static let blank = Repository(id: RepositoryID(rawValue: ""), namespace: AccountID(rawValue: ""), name: "")
    static let table = FactTable("repositories", of: blank, owner: "namespace_id")
    static let listing = table.select + " ORDER BY id"

    mutating func code(_ coder: inout some FactCoder) throws(AccessError) {
        try coder.text("description", &description, default: "")
        try coder.identity(.key("id"), &id)
        try coder.text("name", &name)
        try coder.identity(.init("namespace", column: "namespace_id"), &namespace)
        try coder.word("visibility", &visibility, default: .private)
    }

    var fact: Fact { .repository(self) }
}
