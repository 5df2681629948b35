/// Builds the path of a request. Everything but the unreserved characters of RFC 3986 is
/// percent-encoded, so that a `/` in a repository's name does not begin a new component.
enum APIPath {
    /// `/v1/repositories/nerd-dinner/handlers%2Fweb?dry_run=true`; parameters without a value
    /// are left out.
    static func make(_ components: String..., query: [(String, String?)] = []) -> String {
        make(components, query: query)
    }

    static func make(_ components: [String], query: [(String, String?)] = []) -> String {
        let path = components.map { "/" + encoded($0) }.joined()
        let parameters = query.compactMap { name, value in value.map { "\(encoded(name))=\(encoded($0))" } }
        return parameters.isEmpty ? path : path + "?" + parameters.joined(separator: "&")
    }

    static func encoded(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF")
        return text.utf8.reduce(into: "") { encoded, byte in
            switch Unicode.Scalar(byte) {
            case "a"..."z", "A"..."Z", "0"..."9", "-", ".", "_", "~":
                encoded.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                encoded += "%"
                encoded.append(digits[Int(byte >> 4)])
                encoded.append(digits[Int(byte & 15)])
            }
        }
    }
}

/// The address of the next page in a `Link` header (RFC 8288).
enum LinkHeader {
    /// The path and query of `rel="next"`, below `basePath`; nil on the last page. A host in it is
    /// passed over: the next page is asked of whoever gave this one.
    static func next(_ header: String?, basePath: String = "") -> String? {
        guard let header else { return nil }
        for link in header.split(separator: ",") {
            guard let open = link.firstIndex(of: "<"), let close = link.firstIndex(of: ">"), open < close else {
                continue
            }
            let relations = link[close...].split(separator: ";").map { $0.filter { $0 != " " && $0 != "\"" } }
            guard relations.contains("rel=next") else { continue }
            var target = link[link.index(after: open)..<close]
            if let scheme = target.range(of: "://") {
                target = target[(target[scheme.upperBound...].firstIndex(of: "/") ?? target.endIndex)...]
            }
            if !basePath.isEmpty, target.hasPrefix(basePath + "/") { target = target.dropFirst(basePath.count) }
            return target.hasPrefix("/") ? String(target) : nil
        }
        return nil
    }
}
