import AccessControl
import AccessModel

extension Directory: StoredFact {
    static let blank = Directory(
        name: "",
        settings: DirectorySettings(
            preset: .custom, urls: [], tls: .init(mode: .ldaps), bind: nil, users: .init(base: "", filter: ""),
            groups: .init(base: "", filter: ""), attributes: .init(login: "", fullName: "", email: "", member: ""),
            rules: []))
    static let table = FactTable("directories", of: blank, secret: "sealed_secret")
    static let listing = table.select + " ORDER BY name"

    mutating func code(_ coder: inout some FactCoder) throws(AccessError) {
        let written = try settings.stored()
        var json = written
        try coder.text(.key("name"), &name)
        try coder.json("settings", &json)
        if json != written { settings = try DirectorySettings(stored: json) }
    }

    var fact: Fact { .directory(self) }
}

extension DirectorySettings {
    fileprivate init(stored text: String) throws(AccessError) { self = try StoredJSON.read(Self.self, from: text) }
    fileprivate func stored() throws(AccessError) -> String { try StoredJSON.encode(self) }
}
