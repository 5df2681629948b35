import AsyncHTTPClient
package import Foundation

/// An answer over HTTP, whole.
package struct HTTPAnswer: Sendable {
    package var status: Int
    /// Names in lower case.
    package var headers: [String: String]
    package var body: Data

    package var text: String { String(decoding: body, as: UTF8.self) }

    package func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        do {
            return try JSONDecoder().decode(type, from: body)
        } catch {
            throw ServerError("status \(status), and not the JSON that was expected (\(error)):\n\(text.prefix(1000))")
        }
    }
}

/// Who asks.
package enum HTTPCredential: Sendable {
    case basic(String, String)
    case bearer(String)

    package var header: String {
        switch self {
        case .basic(let name, let password): "Basic " + Data("\(name):\(password)".utf8).base64EncodedString()
        case .bearer(let token): "Bearer " + token
        }
    }
}

/// Requests over HTTP, as any client would make them.
package enum HTTPCall {
    /// - Parameter json: the body.
    package static func send(
        _ method: String, _ url: String, as credential: HTTPCredential? = nil, json: String? = nil
    ) async throws -> HTTPAnswer {
        var request = HTTPClientRequest(url: url)
        request.method = .init(rawValue: method)
        if let credential { request.headers.add(name: "Authorization", value: credential.header) }
        if let json {
            request.headers.add(name: "Content-Type", value: "application/json")
            request.body = .bytes(Array(json.utf8))
        }
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(60))
        let body = try await response.body.collect(upTo: 1 << 26)
        let headers = response.headers.map { ($0.name.lowercased(), $0.value) }
        return HTTPAnswer(
            status: Int(response.status.code), headers: Dictionary(headers) { $0 + ", " + $1 },
            body: Data(body.readableBytesView))
    }
}
