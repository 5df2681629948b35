import Foundation

/// The address of a service: `https://host[:port][/path]`.
struct ServerAddress: Hashable, Sendable {
    /// Scheme, host and port.
    let origin: String
    /// Without a slash at its end; empty for none.
    let basePath: String
    var text: String { origin + basePath }
    /// Whether a secret sent there could be read on the way.
    let isReadableOnTheWay: Bool

    init(_ text: String) throws(CommandFailure) {
        guard let parts = URLComponents(string: text), let scheme = parts.scheme?.lowercased(),
            scheme == "https" || scheme == "http", let host = parts.host, !host.isEmpty, parts.query == nil,
            parts.fragment == nil, parts.user == nil
        else { throw .input("\"\(text)\" is not the address of a service: write https://HOST or https://HOST:PORT") }
        origin = "\(scheme)://\(parts.encodedHost ?? host)" + (parts.port.map { ":\($0)" } ?? "")
        var path = parts.percentEncodedPath
        while path.hasSuffix("/") { path.removeLast() }
        basePath = path
        let loopback = ["localhost", "[::1]", "::1"]
        isReadableOnTheWay = scheme == "http" && !loopback.contains(host) && !host.hasPrefix("127.")
    }
}

extension URLComponents {
    fileprivate var encodedHost: String? {
        // An IPv6 address comes without its brackets on some platforms.
        guard let host = percentEncodedHost else { return nil }
        return host.contains(":") && !host.hasPrefix("[") ? "[\(host)]" : host
    }
}
