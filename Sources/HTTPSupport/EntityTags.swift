import AccessControl
import AccessModel
import HTTPTypes
public import Hummingbird
import StrictJSON

/// The entity tags of `If-Match` or `If-None-Match`: `*`, or a list (RFC 9110, 8.8.3 and 13.1).
struct EntityTags: Hashable {
    private struct Tag: Hashable {
        let isWeak: Bool
        /// Between the quotes.
        let opaque: String
    }

    /// nil for `*`.
    private let tags: [Tag]?

    /// nil for what is no such list.
    init?(_ text: String) {
        var rest = text.utf8[...]
        func skip(_ bytes: String) -> Bool {
            guard rest.starts(with: bytes.utf8) else { return false }
            rest = rest.dropFirst(bytes.utf8.count)
            return true
        }
        func skipBlanks() { rest = rest.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") } }
        skipBlanks()
        if skip("*") {
            skipBlanks()
            guard rest.isEmpty else { return nil }
            tags = nil
            return
        }
        var tags: [Tag] = []
        while !rest.isEmpty {
            // A list may have empty elements (RFC 9110, 5.6.1.2).
            skipBlanks()
            if skip(",") || rest.isEmpty { continue }
            let isWeak = skip("W/")
            guard skip("\""), let end = rest.firstIndex(of: UInt8(ascii: "\"")) else { return nil }
            let opaque = rest[..<end]
            guard opaque.allSatisfy({ $0 == 0x21 || $0 >= 0x23 && $0 != 0x7F }) else { return nil }
            tags.append(Tag(isWeak: isWeak, opaque: String(decoding: opaque, as: UTF8.self)))
            rest = rest[end...].dropFirst()
            skipBlanks()
            guard rest.isEmpty || skip(",") else { return nil }
        }
        guard !tags.isEmpty else { return nil }
        self.tags = tags
    }

    /// The revisions that the tags are of. A tag that is not of ours is of none.
    /// - Parameter weak: whether weak tags count (RFC 9110, 8.8.3.2).
    func versions(weak: Bool) -> Precondition.Versions {
        guard let tags else { return .any }
        return .these(Set(tags.filter { weak || !$0.isWeak }.compactMap { Revision(entityTag: $0.opaque) }))
    }

    /// Whether one of them is an answer's own, which is not read again then.
    func contain(_ tag: String) -> Bool {
        tags?.contains { "\"\($0.opaque)\"" == tag } ?? true
    }
}

extension Revision {
    /// That of an entity tag: `42`, with or without what tells representations of one revision apart.
    fileprivate init?(entityTag opaque: String) {
        let number = opaque.prefix { $0 != "-" }
        guard let revision = Revision(number), String(revision) == number else { return nil }
        self = revision
    }
}

extension HTTPFields {
    /// A strong entity tag: the revision, which writes expect, and a digest of the representation, which also holds who
    /// used it last, and is another one for other readers.
    static func entityTag(_ revision: Revision, of representation: [UInt8]) -> String {
        // FNV-1a.
        let digest = representation.reduce(UInt32(2_166_136_261)) { ($0 ^ UInt32($1)) &* 16_777_619 }
        let digits = String(digest, radix: 16)
        return "\"\(revision)-\(String(repeating: "0", count: 8 - digits.count))\(digits)\""
    }
}

extension Response {
    /// 304 without a body for a client that has this representation (RFC 9110, 15.4.5).
    public func unlessKnown(to request: Request) throws -> Response {
        guard status == .ok, let tag = headers[.eTag], request.method == .get || request.method == .head,
            let known = try request.entityTags(.ifNoneMatch), known.contain(tag)
        else { return self }
        var headers = headers
        headers[.contentType] = nil
        return Response(status: .notModified, headers: headers)
    }
}
