import AccessControl
import AccessModel

/// Conditions of a list, each beginning with AND, and their arguments.
struct SQLFilter {
    private(set) var sql = ""
    private(set) var arguments: [SQLValue] = []

    /// - Parameters:
    ///   - names: columns with the names that a part is looked for in.
    ///   - isOfAccounts: whether the list has columns of accounts.
    ///   - isOfMembers: whether it has a role.
    init(_ filter: ListFilter, names: [String], isOfAccounts: Bool = false, isOfMembers: Bool = false) {
        if let part = filter.contains {
            add("(\(names.map { "lower(\($0)) LIKE ? ESCAPE '!'" }.joined(separator: " OR ")))")
            arguments += names.map { _ in .text("%\(Self.escaped(part.lowercasedASCII))%") }
        }
        if isOfAccounts, let isActive = filter.isActive { add("active = ?", .integer(isActive ? 1 : 0)) }
        if isOfAccounts, let source = filter.source {
            switch source {
            case .local: add("directory IS NULL")
            case .directory(let name): add("directory = ?", .text(name))
            }
        }
        if isOfMembers, let role = filter.role { add("role = ?", .text(role)) }
    }

    private mutating func add(_ condition: String, _ values: SQLValue...) {
        sql += " AND \(condition)"
        arguments += values
    }

    private static func escaped(_ part: String) -> String {
        part.replacing("!", with: "!!").replacing("%", with: "!%").replacing("_", with: "!_")
    }
}
