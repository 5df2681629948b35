/// What a request of the distribution API asks for (OCI distribution specification 1.1, section "Endpoints"), for
/// registries that leave it to a proxy in front of them who may do what.
public enum RegistryRequest: Hashable, Sendable {
    /// `/v2/`: whether somebody is logged in.
    case base
    /// The list of everything.
    case catalog
    /// All of these are needed.
    case repositories([Need])

    public struct Need: Hashable, Sendable {
        public let action: RegistryAction
        public let repository: RepositoryPath

        public init(_ action: RegistryAction, _ repository: RepositoryPath) {
            self.action = action
            self.repository = repository
        }
    }

    /// Bytes of a target that can mean anything: a path and two names of repositories, as long as they may be.
    private static let lengthLimit = 2_048

    /// nil for what is no request of the API, or is not written as it has to be: a registry might read it in
    /// another way.
    /// - Parameter target: the path with its query, as it was sent.
    public init?(method: String, target: some StringProtocol) {
        guard target.utf8.count <= Self.lengthLimit, target.utf8.allSatisfy({ $0 < 0x80 }) else { return nil }
        let target = String(target)
        let parts = target.split(separator: "?" as Character, maxSplits: 1, omittingEmptySubsequences: false)
        let segments = parts[0].split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard segments.count >= 2, segments[0].isEmpty, segments[1] == "v2",
            segments.allSatisfy({ $0 != "." && $0 != ".." && $0.utf8.allSatisfy(Self.isPlain) })
        else { return nil }
        let rest = Array(segments.dropFirst(2))
        if rest.isEmpty || rest == [""] {
            guard Self.isReading(method) else { return nil }
            self = .base
        } else if rest == ["_catalog"] {
            guard Self.isReading(method) else { return nil }
            self = .catalog
        } else {
            guard let needs = Self.needs(method, rest, query: parts.count > 1 ? String(parts[1]) : "") else {
                return nil
            }
            self = .repositories(needs)
        }
    }

    /// What stands in names, tags, digests and identities of uploads as it is: nothing that could be decoded.
    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "._-:+=@~".utf8.contains(byte)
        }
    }

    private static func isReading(_ method: String) -> Bool { method == "GET" || method == "HEAD" }

    private static func needs(_ method: String, _ segments: [String], query: String) -> [Need]? {
        // A repository's name may hold any of the words: what counts stands at the end.
        if segments.count >= 3, segments[segments.count - 2] == "manifests", !segments[segments.count - 1].isEmpty {
            return one(method, segments.dropLast(2), writing: "PUT")
        }
        if segments.count >= 4, segments[segments.count - 3] == "blobs", segments[segments.count - 2] == "uploads" {
            return upload(method, segments.dropLast(3), isNew: segments[segments.count - 1].isEmpty, query: query)
        }
        if segments.count >= 3, segments[segments.count - 2] == "blobs" {
            if segments[segments.count - 1] == "uploads" {
                return upload(method, segments.dropLast(2), isNew: true, query: query)
            }
            return one(method, segments.dropLast(2), writing: nil)
        }
        if segments.count >= 3, segments.suffix(2) == ["tags", "list"] {
            return isReading(method) ? one(method, segments.dropLast(2), writing: nil) : nil
        }
        if segments.count >= 3, segments[segments.count - 2] == "referrers" {
            return isReading(method) ? one(method, segments.dropLast(2), writing: nil) : nil
        }
        return nil
    }

    private static func one(_ method: String, _ name: ArraySlice<String>, writing: String?) -> [Need]? {
        guard let path = try? RepositoryPath(name.joined(separator: "/")) else { return nil }
        if isReading(method) { return [Need(.pull, path)] }
        if method == "DELETE" { return [Need(.delete, path)] }
        return method == writing ? [Need(.push, path)] : nil
    }

    /// An upload is the pusher's own until it is a blob: to look at it, go on with it or give it up takes no more.
    private static func upload(
        _ method: String, _ name: ArraySlice<String>, isNew: Bool, query: String
    ) -> [Need]? {
        guard let path = try? RepositoryPath(name.joined(separator: "/")) else { return nil }
        guard isNew else {
            return ["GET", "HEAD", "PATCH", "PUT", "DELETE"].contains(method) ? [Need(.push, path)] : nil
        }
        guard method == "POST" else { return nil }
        var needs = [Need(.push, path)]
        // A name of a parameter has nothing to decode: written otherwise it might be read as "from" all the same.
        let names = query.split(separator: "&").map { $0.prefix { $0 != "=" } }
        guard !query.contains(";"), names.allSatisfy({ $0.utf8.allSatisfy(isPlain) && !$0.contains("+") }) else {
            return nil
        }
        for member in query.split(separator: "&") where member == "from" || member.hasPrefix("from=") {
            // A slash may be written so; what else is written so is in no name.
            let source = member.dropFirst(5).split(separator: "%", omittingEmptySubsequences: false).map(String.init)
            var name = source[0]
            for part in source.dropFirst() {
                guard part.hasPrefix("2F") || part.hasPrefix("2f") else { return nil }
                name += "/" + part.dropFirst(2)
            }
            guard let mounted = try? RepositoryPath(name) else { return nil }
            needs.append(Need(.pull, mounted))
        }
        return needs
    }
}
