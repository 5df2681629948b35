import HTTPTypes
public import Hummingbird

/// Which methods each path template has.
public struct RouteTable: Sendable {
    public struct Route: Hashable, Sendable {
        /// Segments; one in braces stands for any text.
        public let segments: [String]
        public let method: String
        /// `/v1/users/{user}`.
        public var template: String { "/" + segments.joined(separator: "/") }
    }

    public let routes: [Route]

    init(_ routes: [Route]) { self.routes = routes }

    public init(of router: Router<APIContext>) {
        self.init(
            router.routes.map { route in
                let segments = route.path.description.split(separator: "/").map(String.init)
                return Route(segments: segments, method: route.method.rawValue)
            })
    }

    /// Sorted, with HEAD beside GET; empty for an unknown path. A segment that is written out comes before any text, as in
    /// the router.
    func methods(on path: String) -> [String] {
        let segments = path.utf8.split(separator: UInt8(ascii: "/"), maxSplits: 16).map {
            String(decoding: $0, as: UTF8.self)
        }
        let matching = routes.filter { route in
            route.segments.count == segments.count
                && zip(route.segments, segments).allSatisfy { $0 == $1 || $0.hasPrefix("{") || $0.hasPrefix(":") }
        }
        let placeholders = { (route: Route) in route.segments.count { $0.hasPrefix("{") || $0.hasPrefix(":") } }
        let fewest = matching.map(placeholders).min()
        let methods = Set(matching.filter { placeholders($0) == fewest }.map(\.method))
        return (methods.contains("GET") ? methods.union(["HEAD"]) : methods).sorted()
    }
}
