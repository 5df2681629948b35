public import StrictJSON

extension AccountName: JSONConvertible {
    public init(json: JSONValue) throws(JSONError) {
        let text = try String(json: json)
        do { try self.init(text) } catch { throw JSONError(error.description) }
    }
}

extension TeamName: JSONConvertible {
    public init(json: JSONValue) throws(JSONError) {
        let text = try String(json: json)
        do { try self.init(text) } catch { throw JSONError(error.description) }
    }
}

extension Timestamp: JSONConvertible {
    public init(json: JSONValue) throws(JSONError) {
        // A day alone leaves open which moment of it is meant.
        guard let text = json.string, text.utf8.contains(UInt8(ascii: "T")) || text.utf8.contains(UInt8(ascii: "t")),
            let time = Self(text)
        else {
            throw JSONError("use a time in the form of RFC 3339, as 2026-03-01T12:00:00Z", value: json.string)
        }
        self = time
    }
}

extension RepositoryPattern: JSONReadable {
    public init(json: JSONValue) throws(JSONError) {
        let text = try String(json: json)
        do { try self.init(text) } catch { throw JSONError(error.description) }
    }
}

extension RepositoryPath {
    /// Of an object's members `namespace` and `name`.
    public init(_ members: inout JSONMembers) throws(JSONError) {
        let namespace = try members.required(AccountName.self, "namespace")
        let name = try members.required(String.self, "name")
        do { try self.init(namespace: namespace, name: name) } catch { throw JSONError(error.description, at: "name") }
    }
}

extension Repository.Visibility: JSONConvertible {}
extension OrganizationMember.Role: JSONConvertible {}
extension TeamMember.Role: JSONConvertible {}
extension AccessLevel: JSONConvertible {}
extension RegistryAction: JSONReadable {}

extension Identifier: JSONWritable {}
extension RepositoryPath: JSONWritable {}
extension Principal: JSONWritable {}
