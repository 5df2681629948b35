import AccessControl
import AccessModel

extension RetiredName: StoredFact {
    static let blank = RetiredName(name: AccountName(trusted: ""), retiredAt: Timestamp(microseconds: 0))
    static let table = FactTable("retired_names", of: blank)
    static let listing = table.select + " ORDER BY name"

    mutating func code(_ coder: inout some FactCoder) throws(AccessError) {
        try coder.name(.key("name"), &name)
        try coder.time("retired_at", &retiredAt)
    }

    var fact: Fact { .retiredName(self) }
}
