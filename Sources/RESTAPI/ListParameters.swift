import AccessControl
import AccessModel
import HTTPSupport
import Hummingbird

/// The query parameters that say which items of a list are wanted, and in which order.
enum ListParameter: String, CaseIterable {
    case active, contains, count, level, order, role, source, visibility
}

extension Set<String> {
    /// Those of a list that comes in pages, with these beside them.
    static func list(_ parameters: ListParameter...) -> Set<String> {
        page.union(parameters.map(\.rawValue))
    }
}

extension Paging {
    /// A page of what the query wants.
    /// - Parameter roles: those that a member may have.
    init(filtered request: Request, roles: [String] = []) throws(AccessError) {
        try self.init(request)
        var filter = ListFilter()
        filter.contains = request.text("contains")
        if request.text("active") != nil { filter.isActive = try request.flag("active") }
        filter.source = request.text("source").map { $0 == "local" ? .local : .directory($0) }
        filter.visibility = try request.word("visibility", Repository.Visibility.self)
        filter.level = try request.word("level", AccessLevel.self)
        if let role = request.text("role") {
            guard roles.contains(role) else {
                throw .invalid(field: "role", value: role, reason: "use one of \(roles.joined(separator: ", "))")
            }
            filter.role = role
        }
        page.filter = filter
        page.order = try request.word("order", Page.Order.self) ?? .name
        page.isCounted = try request.flag("count")
    }
}

extension Paging {
    /// What the page behind an account begins after.
    func key(of account: Account) -> String {
        page.order == .name ? account.name.rawValue : account.id.rawValue
    }
}
