import AccessControl
import AccessModel
import Foundation
import StrictJSON

extension Directory: StoredFact {
    static let table = FactTable("directories", key: ["name"], columns: ["settings"], secret: "sealed_secret")
    static let listing = table.select + " ORDER BY name"

    init(row: any SQLRow) throws(AccessError) {
        self.init(name: try row.requiredText(0), settings: try DirectorySettings(stored: try row.requiredText(1)))
    }

    func row(_: PersonalDigests) throws(AccessError) -> [SQLValue] { [.text(name), .text(try settings.stored())] }

    init(json: inout JSONObjectReader) throws(AccessError) {
        let name = try json.text("name")
        self.init(name: name, settings: try DirectorySettings(stored: try json.object("settings")))
    }

    func write(to json: inout JSONObjectWriter, _: PersonalDigests) throws(AccessError) {
        json.member("name", name)
        json.member("settings", object: try settings.stored())
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
