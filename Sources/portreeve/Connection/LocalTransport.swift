import Foundation
import Server

/// The API on the database file, without a service.
struct LocalTransport: APITransport {
    private let service: LocalService
    let database: String

    var basePath: String { "" }

    /// - Parameter user: whose rights apply; nil for those of a system administrator.
    init(_ settings: Server.Settings, actingAs user: String?, createsDatabase: Bool) async throws {
        database = settings.database
        service = try await LocalService.open(settings, actingAs: user, createsDatabase: createsDatabase)
    }

    func send(_ request: APIRequest) async throws -> APIResponse {
        var headers = request.headers
        if request.body != nil { headers.append(("Content-Type", request.contentType)) }
        let progress = Server.Progress(
            imported: request.reportsBytes ?? { _, _ in }, read: request.reportsEntries ?? { _ in })
        let answer = try await service.respond(
            method: request.method, path: request.path, headers: headers, body: request.body, progress: progress)
        return APIResponse(
            status: answer.status,
            headers: Dictionary(answer.headers.map { ($0.0.lowercased(), $0.1) }, uniquingKeysWith: { $0 + ", " + $1 }),
            body: answer.body)
    }

    /// - Returns: the revision.
    func makeFirstAdministrator(name: String, password: String) async throws -> Int64 {
        try await service.makeFirstAdministrator(name: name, password: password)
    }

    func close() async { await service.close() }
}
