public import AccessControl
public import AccessModel
import Foundation
import HTTPTypes
public import Hummingbird
public import StrictJSON

extension JSONValue {
    /// A single resource with its entity tag.
    public func resource(
        _ revision: Revision, status: HTTPResponse.Status = .ok, written: Revision? = nil, location: String? = nil
    ) -> Response {
        var bytes: [UInt8] = []
        write(to: &bytes)
        var headers: HTTPFields = [.eTag: HTTPFields.entityTag(revision, of: bytes)]
        if let written { headers[.revision] = String(written) }
        if let location { headers[.location] = location }
        return Response(json: bytes, status: status, headers: headers)
    }
}

extension Response {
    /// 204 after something was deleted.
    public static func gone(at revision: Revision) -> Response {
        Response(status: .noContent, headers: [.revision: String(revision)])
    }
}

/// What `?limit=` and `?cursor=` ask for.
public struct Paging: Sendable {
    public let limit: Int
    /// One more than asked for, so that it shows whether there is a next page.
    public var page: Page
    private let request: Request

    /// - Throws: when the limit is not 1 to 1,000, or the cursor is not one of ours.
    public init(_ request: Request) throws(AccessError) {
        let limit = try request.number("limit", in: 1...1_000) ?? 100
        var after: String?
        if let cursor = request.text("cursor") {
            guard let data = Data(base64Encoded: cursor.restoringBase64),
                let text = String(data: data, encoding: .utf8),
                text.hasPrefix("after:")
            else {
                throw .invalid(
                    field: "cursor", value: cursor, reason: "use the cursor of a Link header, unchanged, or none")
            }
            after = String(text.dropFirst(6))
        }
        self.limit = limit
        self.request = request
        page = Page(after: after, limit: limit + 1)
    }

    /// A list's response; `items` may hold one more than was asked for.
    /// - Parameter key: what the next page is behind.
    public func response<Item>(_ items: [Item], key: (Item) -> String, _ json: (Item) -> JSONValue) -> Response {
        response(items.prefix(limit), isLast: items.count <= limit, key: key, json)
    }

    /// The same with the number of all items, if that was asked for.
    public func response<Item>(
        _ listing: Listing<Item>, key: (Item) -> String, _ json: (Item) -> JSONValue
    ) -> Response {
        response(
            listing.items.prefix(limit), isLast: listing.items.count <= limit, count: listing.count, key: key, json)
    }

    /// A list's response whose pages end where a key does, and so may hold more than was asked for.
    /// - Parameter items: all of each key that was begun before the limit was reached.
    public func response<Item>(
        wholeGroups items: [Item], isLast: Bool, key: (Item) -> String, _ json: (Item) -> JSONValue
    ) -> Response {
        response(items[...], isLast: isLast, key: key, json)
    }

    private func response<Item>(
        _ shown: ArraySlice<Item>, isLast: Bool, count: Int? = nil, key: (Item) -> String, _ json: (Item) -> JSONValue
    ) -> Response {
        var headers: HTTPFields = [:]
        if !isLast, let last = shown.last {
            let cursor = Data("after:\(key(last))".utf8).base64EncodedString().replacingBase64
            var query = "limit=\(limit)&cursor=\(cursor)"
            for (name, value) in request.uri.queryParameters where name != "limit" && name != "cursor" {
                query += "&\(name)=\(value.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "")"
            }
            headers[.link] = "<\(request.uri.path)?\(query)>; rel=\"next\""
        }
        return JSONValue(members: [("items", .array(shown.map(json))), ("count", count.map { JSONValue(Int64($0)) })])
            .response(headers: headers)
    }
}

extension HTTPField.Name {
    /// RFC 8288.
    public static let link = HTTPField.Name("Link") ?? .location
}

extension String {
    /// base64url without padding (RFC 4648 section 5).
    fileprivate var replacingBase64: String {
        replacingOccurrences(of: "+", with: "-").replacingOccurrences(of: "/", with: "_")
            .replacingOccurrences(of: "=", with: "")
    }

    fileprivate var restoringBase64: String {
        let text = replacingOccurrences(of: "-", with: "+").replacingOccurrences(of: "_", with: "/")
        return text + String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
    }
}
