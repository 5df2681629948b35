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
        let answer = HTTPAnswer(
            status: Int(response.status.code), headers: Dictionary(headers) { $0 + ", " + $1 },
            body: Data(body.readableBytesView))
        let path = URLComponents(string: url).map { $0.percentEncodedPath } ?? ""
        try APIDocument.shared.compare(TestAnswer(answer), to: method, path, sent: Data((json ?? "").utf8))
        return answer
    }
}

/// One server-sent event.
package struct HTTPEvent: Hashable, Sendable {
    package var id: String?
    package var event: String?
    package var data: String?
}

extension HTTPCall {
    /// Listens to a stream of events until it ends or the body says that it has enough.
    /// - Parameter take: gets each event; false for no more.
    package static func listen(
        _ url: String, as credential: HTTPCredential, lastEventID: String? = nil,
        take: @Sendable (HTTPEvent) async throws -> Bool
    ) async throws {
        var request = HTTPClientRequest(url: url)
        request.headers.add(name: "Authorization", value: credential.header)
        request.headers.add(name: "Accept", value: "text/event-stream")
        if let lastEventID { request.headers.add(name: "Last-Event-ID", value: lastEventID) }
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(120))
        guard response.status == .ok, response.headers.first(name: "Content-Type") == "text/event-stream" else {
            throw ServerError("\(url) gave \(response.status) \(response.headers)")
        }
        var text: [UInt8] = []
        for try await chunk in response.body {
            text += chunk.readableBytesView
            while let end = text.indices.dropLast().first(where: { text[$0] == 10 && text[$0 + 1] == 10 }) {
                let block = String(decoding: text[..<end], as: UTF8.self)
                text.removeSubrange(...(end + 1))
                guard let event = HTTPEvent(block) else { continue }
                guard try await take(event) else { return }
            }
        }
    }
}

extension HTTPEvent {
    /// nil for a comment.
    fileprivate init?(_ block: String) {
        for line in block.split(separator: "\n") {
            let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2 else { continue }
            let value = String(parts[1].drop { $0 == " " })
            switch parts[0] {
            case "id": id = value
            case "event": event = value
            case "data": data = value
            default: break
            }
        }
        if id == nil, event == nil, data == nil { return nil }
    }
}
