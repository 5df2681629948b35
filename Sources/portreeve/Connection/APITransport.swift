import Foundation
import StrictJSON
import Wording

/// A request to the HTTP API.
struct APIRequest: Sendable {
    var method: String
    /// Percent-encoded, with the query.
    var path: String
    var headers: [(String, String)] = []
    var body: Data?
    var contentType = "application/json"
    /// In seconds: how long the answer may take.
    var timeout: Int64 = 60
    /// Told now and then how many bytes of the body are done, of how many.
    var reportsBytes: (@Sendable (Int, Int) -> Void)?
    /// Told now and then how many entries of a directory were read, where that is known.
    var reportsEntries: (@Sendable (Int) -> Void)?

    init(_ method: String, _ path: String, _ body: JSONValue? = nil) {
        self.method = method
        self.path = path
        self.body = body.map { Data($0.compact.utf8) }
    }

    /// For what may take hours: imports, directories, backups.
    var long: APIRequest {
        var request = self
        request.timeout = 24 * 3_600
        return request
    }
}

struct APIResponse: Sendable {
    var status: Int
    /// Names in lower case.
    var headers: [String: String]
    var body: Data

    /// The revision that a write gave.
    var revision: Int? { headers["portreeve-revision"].flatMap { Int($0) } }
}

/// Speaks the HTTP API, to a service or straight on its database file, with the same answers.
protocol APITransport: Sendable {
    /// What is prepended to every path by the address of the service; empty for none.
    var basePath: String { get }
    /// - Throws: `CommandFailure` when there is no answer. An answer that says no is one.
    func send(_ request: APIRequest) async throws -> APIResponse
    func close() async
}
