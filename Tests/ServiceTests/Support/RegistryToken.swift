import Foundation
import TestSupport

/// The parts of a registry token, without its signature being looked at.
struct RegistryToken {
    let header: JSONValue
    let claims: JSONValue

    init(_ answer: TestAnswer) throws {
        guard let token = answer.json["token"]?.string else { throw TestServiceError("no token: \(answer.text)") }
        let parts = token.split(separator: ".", omittingEmptySubsequences: false).map { part in
            let text = part.replacing("-", with: "+").replacing("_", with: "/")
            return Data(base64Encoded: text + String(repeating: "=", count: (4 - text.count % 4) % 4)) ?? Data()
        }
        guard parts.count == 3, !parts[2].isEmpty else { throw TestServiceError("no signed token: \(token)") }
        header = try JSONValue(parsing: parts[0])
        claims = try JSONValue(parsing: parts[1])
    }

    /// `repository:acme/web:pull,push`, one for each resource.
    var access: [String] {
        (claims["access"]?.elements ?? []).map { entry in
            let actions = (entry["actions"]?.elements ?? []).compactMap(\.string)
            return "\(entry["type"]?.string ?? ""):\(entry["name"]?.string ?? ""):\(actions.joined(separator: ","))"
        }
    }
}
