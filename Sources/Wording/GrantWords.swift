package import StrictJSON

/// The two sides of a grant, as people type them.
package enum GrantWords {
    /// From the API: `{"type":"team","org":…,"name":…}`.
    package static func subject(_ subject: JSONValue) -> String {
        // The change log has identities only.
        if let id = subject["id"].string { return "\(subject["type"].text) \(id)" }
        let name = subject["name"].text
        return switch subject["type"].string {
        case "team"?: "team:\(subject["org"].text)/\(name)"
        case "service-account"?: "service-account:\(subject["owner"].text)+\(name)"
        case let type?: "\(type):\(name)"
        case nil: name
        }
    }

    /// From the API: `{"type":"repository","namespace":…,"name":…}` or `{"type":"namespace","name":…}`.
    package static func target(_ target: JSONValue) -> String {
        if let id = target["id"].string { return "\(target["type"].text) \(id)" }
        return target["type"].string == "namespace"
            ? target["name"].text + "/" : "\(target["namespace"].text)/\(target["name"].text)"
    }
}
