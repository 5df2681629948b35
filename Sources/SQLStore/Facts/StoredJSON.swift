import AccessControl
import Foundation
import StrictJSON

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
