import AccessControl
import AccessModel
import Foundation
import StrictJSON

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
        try coder.object("settings", &json)
        if json != written { settings = try DirectorySettings(stored: json) }
    }

    var fact: Fact { .directory(self) }
}

extension DirectorySettings {
    fileprivate init(stored text: String) throws(AccessError) { self = try StoredJSON.read(Self.self, from: text) }
    fileprivate func stored() throws(AccessError) -> String { try StoredJSON.encode(self) }
}

/// JSON of whole values, for what is written too seldom to do by hand.
enum StoredJSON {
    static func encode(_ value: some Encodable) throws(AccessError) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            return String(decoding: try encoder.encode(value), as: UTF8.self)
        } catch {
            throw .storage(.failed("a value cannot be written as JSON: \(error)"))
        }
    }

    static func read<Value: JSONReadable>(_ type: Value.Type, from text: String) throws(AccessError) -> Value {
        do throws(JSONError) {
            return try Value(parsing: text.utf8)
        } catch {
            throw .storage(.damaged("stored JSON of \(type) cannot be read: \(error)"))
        }
    }

    static func decode<Value: Decodable>(_ type: Value.Type, from text: String) throws(AccessError) -> Value {
        do {
            return try JSONDecoder().decode(type, from: Data(text.utf8))
        } catch {
            throw .storage(.damaged("stored JSON of \(type) cannot be read: \(error)"))
        }
    }
}
