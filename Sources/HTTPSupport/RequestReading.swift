public import AccessControl
public import AccessModel
public import Foundation
import HTTPTypes
public import Hummingbird
import NIOCore
import NIOHTTP1
public import StrictJSON

/// Why a body cannot be used before anybody looked into it.
public enum BodyError: Error, Sendable, CustomStringConvertible {
    /// Larger than so many bytes.
    case tooLarge(limit: Int?)
    case wrongType(expected: String)
    /// Compressed, or otherwise not as it is.
    case encoded
    case malformed(String, field: String?, value: String? = nil)
    /// It did not arrive in time.
    case tooSlow

    public var status: HTTPResponse.Status { problem.status }
    public var description: String { problem.detail }

    var problem: Problem {
        switch self {
        case .tooLarge(let limit):
            let most = limit.map { ": at most \($0) bytes" } ?? ""
            return Problem(status: .contentTooLarge, code: .tooLarge, detail: "the body is too large\(most)")
        case .wrongType(let expected):
            return Problem(
                status: .unsupportedMediaType, code: .wrongType, detail: "send the body as Content-Type: \(expected)")
        case .encoded:
            return Problem(
                status: .unsupportedMediaType, code: .wrongType, detail: "send the body without Content-Encoding")
        case .malformed(let text, let field, let value):
            return Problem(
                status: .badRequest, code: .invalid, detail: text,
                members: [("field", field), ("value", value)].compactMap { name, text in
                    text.map { (name, JSONValue.string($0)) }
                })
        case .tooSlow:
            return Problem(
                status: .requestTimeout, code: .requestTimeout,
                detail: "the body did not arrive within \(RequestTime.limit.nanoseconds / 1_000_000_000) seconds")
        }
    }
}

extension Request {
    /// The credential of `Authorization: Bearer` (RFC 6750, 2.1); the scheme in any case (RFC 9110, 11.1).
    public var bearer: String? {
        guard let (scheme, value) = headers[.authorization].flatMap(credentials(in:)), scheme == "bearer" else {
            return nil
        }
        return value
    }

    /// The whole body, at most `limit` bytes.
    public func bytes(upTo limit: Int) async throws -> Data {
        if let length = headers[.contentLength].flatMap(Int.init), length > limit {
            throw BodyError.tooLarge(limit: limit)
        }
        do {
            return Data(buffer: try await body.collect(upTo: limit))
        } catch is NIOTooManyBytesError {
            throw BodyError.tooLarge(limit: limit)
        } catch is RequestTimeExceeded {
            throw BodyError.tooSlow
        } catch is HTTPParserError {
            throw BodyError.malformed(
                "the body does not end, or its chunks are not as RFC 9112, 7.1 has them", field: nil)
        }
    }

    /// Reads a JSON body of at most 64 KiB, or so many bytes.
    public func json<Body: JSONReadable>(_ type: Body.Type, upTo limit: Int = 1 << 16) async throws -> Body {
        try requireContentType("application/json")
        return try Self.json(type, from: try await bytes(upTo: limit))
    }

    /// Reads I-JSON (RFC 7493).
    public static func json<Body: JSONReadable>(_ type: Body.Type, from data: Data) throws(BodyError) -> Body {
        guard StreamSafeText.isSafe(data, .json) else { throw .malformed(StreamSafeText.refusal, field: nil) }
        do throws(JSONError) {
            return try Body(parsing: data)
        } catch {
            throw .malformed(
                error.description, field: error.path.isEmpty ? nil : error.path, value: error.value)
        }
    }

    public func requireContentType(_ expected: String) throws {
        let header = headers[.contentType]
        // As most write it, without looking closer.
        let given = header == expected ? header : header?.split(separator: ";").first?.trimmingBlanks.lowercased()
        guard given == expected else { throw BodyError.wrongType(expected: expected) }
        // RFC 9110 section 15.5.16.
        guard headers[.contentEncoding].map({ $0.lowercased() == "identity" }) ?? true else { throw BodyError.encoded }
    }

    /// `true` or `false`; false when absent.
    public func flag(_ name: Substring) throws(AccessError) -> Bool {
        guard let text = uri.queryParameters[name] else { return false }
        switch text {
        case "true": return true
        case "false": return false
        default: throw .invalid(field: String(name), value: String(text), reason: "use true or false")
        }
    }

    /// Refuses a query parameter that is not one of these, and one that is there twice.
    public func requireParameters(in names: Set<String>) throws(AccessError) {
        var seen: Set<String> = []
        for (name, value) in uri.queryParameters {
            guard names.contains(String(name)) else {
                let reason = name == "dry_run" ? "this cannot be tried out" : "there is no such parameter here"
                throw .invalid(field: String(name), value: String(value), reason: reason)
            }
            guard seen.insert(String(name)).inserted else {
                throw .invalid(field: String(name), value: String(value), reason: "it is there twice")
            }
        }
    }

    public func text(_ name: Substring) -> String? { uri.queryParameters[name].map(String.init) }

    /// A whole number in a query.
    public func number(_ name: Substring, in range: ClosedRange<Int>) throws(AccessError) -> Int? {
        guard let text = uri.queryParameters[name] else { return nil }
        guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let value = Int(text), range.contains(value) else {
            throw .invalid(
                field: String(name), value: String(text),
                reason: "use a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return value
    }

    /// One of the words of an enumeration.
    public func word<Word: RawRepresentable<String> & CaseIterable>(
        _ name: Substring, _ type: Word.Type
    ) throws(AccessError) -> Word? {
        guard let text = text(name) else { return nil }
        guard let word = Word(rawValue: text) else {
            let words = Word.allCases.map(\.rawValue).joined(separator: ", ")
            throw .invalid(field: String(name), value: text, reason: "use one of \(words)")
        }
        return word
    }

    /// What `If-Match` and `If-None-Match` expect of what is about to be changed (RFC 9110, 13.1.1 and 13.1.2).
    public func precondition() throws(AccessError) -> Precondition {
        Precondition(
            match: try entityTags(.ifMatch)?.versions(weak: false),
            noneMatch: try entityTags(.ifNoneMatch)?.versions(weak: true))
    }

    /// Refuses what would be done whatever is expected of it.
    public func requireNoPrecondition() throws(AccessError) {
        for name in [HTTPField.Name.ifMatch, .ifNoneMatch] {
            guard let text = headers[name] else { continue }
            throw .invalid(field: name.rawName, value: text, reason: "this cannot be made conditional")
        }
    }

    /// The value of a header of entity tags; nil when absent.
    func entityTags(_ name: HTTPField.Name) throws(AccessError) -> EntityTags? {
        guard let text = headers[name] else { return nil }
        guard let tags = EntityTags(text) else {
            throw .invalid(
                field: name.rawName, value: text, reason: "use *, or the ETag of the resource, as \"42\"")
        }
        return tags
    }
}

extension StringProtocol {
    /// Without the blanks and tabs around it (RFC 9110, 5.6.3). Foundation's way takes longer than all else that is read
    /// of a header.
    var trimmingBlanks: String {
        func isBlank(_ byte: UInt8?) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
        var bytes = Array(utf8)[...]
        while isBlank(bytes.first) { bytes.removeFirst() }
        while isBlank(bytes.last) { bytes.removeLast() }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension RequestContext {
    /// A path parameter, percent-decoded.
    public func parameter(_ name: String) throws(AccessError) -> String {
        guard let raw = parameters.get(name), let text = String(raw).removingPercentEncoding else {
            throw .invalid(field: name, value: parameters.get(name), reason: "it is not percent-encoded UTF-8")
        }
        return text
    }

    /// A name that cannot be is the name of nothing: 404, like one that is not taken.
    public func accountName(_ name: String, kind: String = "account") throws(AccessError) -> AccountName {
        let text = try parameter(name)
        guard let value = try? AccountName(text) else { throw .notFound(kind: kind, name: text.cut(to: 120)) }
        return value
    }

    public func teamName(_ name: String, kind: String = "team") throws(AccessError) -> TeamName {
        let text = try parameter(name)
        guard let value = try? TeamName(text) else { throw .notFound(kind: kind, name: text.cut(to: 120)) }
        return value
    }

    /// `{namespace}/{name}`, where the name's slashes are written `%2F`.
    public func repositoryPath() throws(AccessError) -> RepositoryPath {
        let (namespace, name) = (try parameter("namespace"), try parameter("name"))
        guard let account = try? AccountName(namespace), let path = try? RepositoryPath(namespace: account, name: name)
        else { throw .notFound(kind: "repository", name: "\(namespace)/\(name)".cut(to: 200)) }
        return path
    }
}
