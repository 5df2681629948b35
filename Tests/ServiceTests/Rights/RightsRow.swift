import AccessControl
import AccessModel
import Foundation
import TestSupport
import Testing

/// One row: what somebody asks for, and which columns may.
struct RightsRow: Sendable, CustomTestStringConvertible {
    let what: String
    let method: String
    /// `{self}` stands for the caller's name, here and in the body, and others for what `RequestNames` makes.
    let path: String
    let body: JSONValue?
    let may: Set<Column>
    /// A token makes no tokens and sets no passwords.
    private(set) var isByPassword = false
    private(set) var isByRotatingToken = false
    /// What must be there first, as in a path.
    private(set) var needs = ""
    /// What is answered to those who may, where it is not a success: that the right is not what is missing.
    private(set) var code: String?

    /// - Parameter marks: `x` or `-` for each column, in order. A decision reader has the last one, or what any user has.
    init(_ what: String, _ method: String, _ path: String, _ body: JSONValue?, _ marks: String) {
        self.what = what
        self.method = method
        self.path = path
        self.body = body
        var may = Set(zip(Column.allCases, marks).filter { $1 == "x" }.map(\.0))
        if marks.count < Column.allCases.count, may.contains(.plain) { may.insert(.decisionReader) }
        self.may = may
    }

    init(_ what: String, _ method: String, _ path: String, _ marks: String) {
        self.init(what, method, path, nil, marks)
    }

    var byPassword: RightsRow {
        var row = self
        row.isByPassword = true
        return row
    }

    /// With a token that may take its own place.
    var byRotatingToken: RightsRow {
        var row = self
        row.isByRotatingToken = true
        return row
    }

    func needing(_ needs: String) -> RightsRow {
        var row = self
        row.needs = needs
        return row
    }

    func answering(_ code: String) -> RightsRow {
        var row = self
        row.code = code
        return row
    }

    var testDescription: String { what }

    /// The operation of the OpenAPI document.
    var operation: APIDocument.Operation? {
        APIDocument.shared.operation(method, path.replacing("{mine}", with: "{self}/mine"))
    }

    /// Whether the caller asks about what is their own.
    var isAboutSelf: Bool {
        path.contains("{self}") || path.contains("{mine}")
            || body.map { "\($0)".contains("{self}") || "\($0)".contains("{mine}") } ?? false || path.hasSuffix("/me")
            || path.hasPrefix("/v1/tokens/current")
    }

    struct Request {
        let method: String
        let path: String
        let bytes: Data
        let credential: Credential
        let type: String
    }

    /// The request of somebody, with everything made that it names.
    func request(_ service: TestService, as column: Column) async throws -> Request {
        let names = RequestNames(service: service, person: column.person)
        _ = try await names.fill(needs)
        let text = try body.map { try $0.text } ?? ""
        let isImport = path.hasPrefix("/v1/import")
        let line: SeedLine = path.contains("org=") ? .team("acme/imported") : .user("imported")
        let bytes = isImport ? try line.json.text + "\n" : try await names.fill(text)
        var credential = column.credential
        if isByPassword, column != .anonymous {
            let password = "a long password"
            try await service.setPassword(of: column.person, to: password)
            credential = .basic(login: column.person, secret: password)
        }
        if isByRotatingToken, column != .anonymous {
            credential = .bearer(try await service.newToken(for: column.person, may: [.rotate]))
        }
        return Request(
            method: method, path: try await names.fill(path), bytes: Data(bytes.utf8), credential: credential,
            type: isImport ? "application/x-ndjson" : "application/json")
    }
}

extension TestService {
    func send(_ request: RightsRow.Request) async throws -> TestAnswer {
        try await send(
            request.method, request.path, bytes: request.bytes, as: request.credential,
            headers: request.bytes.isEmpty ? [:] : ["Content-Type": request.type])
    }
}
