import AccessControl
import AccessModel

extension ServiceAccount: StoredFact {
    static let blank = ServiceAccount(
        id: ServiceAccountID(rawValue: ""), owner: AccountID(rawValue: ""), name: TeamName(trusted: ""))
    static let table = FactTable("service_accounts", of: blank, owner: "owner_id")
    static let listing = table.select + " ORDER BY id"

    mutating func code(_ coder: inout some FactCoder) throws(AccessError) {
        try coder.flag("active", &isActive, default: true)
        try coder.flag("decision_reader", &isDecisionReader)
        try coder.text("description", &description, default: "")
        try coder.time("expires_at", &expiresAt)
        try coder.identity(.key("id"), &id)
        try coder.name("name", &name)
        try coder.identity(.init("owner", column: "owner_id"), &owner)
    }

    var fact: Fact { .serviceAccount(self) }
}
