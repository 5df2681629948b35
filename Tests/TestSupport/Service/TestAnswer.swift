package import AccessModel
package import Foundation
package import HTTPTypes

/// What the service answered to a request.
package struct TestAnswer: Sendable {
    package let status: Int
    package let headers: HTTPFields
    package let body: Data
    /// `.null` for an empty body and for one that is no JSON.
    package let json: JSONValue

    init(status: Int, headers: HTTPFields, body: Data) {
        self.status = status
        self.headers = headers
        self.body = body
        json = (try? JSONValue(parsing: body)) ?? .null
    }

    /// Without the headers that only a connection has.
    init(_ answer: HTTPAnswer) {
        var fields = HTTPFields()
        for (name, value) in answer.headers where !["connection", "transfer-encoding", "server"].contains(name) {
            if let name = HTTPField.Name(name) { fields[name] = value }
        }
        self.init(status: answer.status, headers: fields, body: answer.body)
    }

    package var text: String { String(decoding: body, as: UTF8.self) }
    /// The stable word of a problem document.
    package var code: String? { json["code"]?.string }
    package var items: [JSONValue] { json["items"]?.elements ?? [] }
    package var eTag: String? { headers[.eTag] }
    package var revision: Revision? { self["Portreeve-Revision"].flatMap { Revision($0) } }

    package subscript(header: String) -> String? { HTTPField.Name(header).flatMap { headers[$0] } }

    /// The path and query of `Link: <…>; rel="next"`.
    package var next: String? {
        guard let link = self["Link"], link.hasSuffix(">; rel=\"next\""), link.hasPrefix("<") else { return nil }
        return String(link.dropFirst().dropLast(">; rel=\"next\"".count))
    }
}
