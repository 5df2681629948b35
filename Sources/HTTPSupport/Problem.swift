package import AccessControl
package import HTTPTypes
import Hummingbird
import StrictJSON

/// RFC 9457 problem details, with a stable `code`.
package struct Problem {
    package var status: HTTPResponse.Status
    var code: ErrorCode
    var detail: String
    var members: [(String, JSONValue?)] = []
    package var headers: HTTPFields = [:]

    func response(path: String) -> Response {
        let body = JSONValue(
            members: [
                ("type", "about:blank"), ("title", .string(status.reasonPhrase)),
                ("status", JSONValue(Int64(status.code))),
                ("code", .string(code.rawValue)), ("detail", .string(detail)),
                ("instance", .string(String(decoding: path.utf8.prefix(500), as: UTF8.self))),
            ] + members)
        return body.response(status: status, headers: headers, contentType: "application/problem+json")
    }
}

extension Problem {
    /// The one mapping from what can go wrong to HTTP.
    package init(_ error: AccessError) {
        self.init(status: Self.status(of: error), code: error.code, detail: error.description)
        switch error {
        case .unauthenticated:
            headers[.wwwAuthenticate] = "Basic realm=\"portreeve\", charset=\"UTF-8\", Bearer realm=\"portreeve\""
        case .invalid(let field, let value, _):
            members = [("field", .string(field)), ("value", value.map { .string($0.cut(to: 120)) } ?? .null)]
        case .unusable(_, let field, let value, _):
            members = [("field", .string(field)), ("value", .string(value.cut(to: 120)))]
        case .beyondOwnRights(_, let missing):
            members = [("missing", .array(missing.map { .string($0.description) }))]
        case .importLine(let line, _):
            members = [("line", JSONValue(Int64(line)))]
        case .preconditionFailed(let current) where current > 0:
            members = [("revision", JSONValue(current))]
        case .tooManyAttempts(let seconds), .tooManyQuestions(let seconds), .loginUnavailable(let seconds),
            .loginsExhausted(let seconds):
            headers[.retryAfter] = String(seconds)
        case .storage(.busy), .storage(.replaced), .storage(.readOnly), .storage(.unreachable):
            headers[.retryAfter] = "5"
        case .revisionNotReached:
            headers[.retryAfter] = "1"
        default:
            break
        }
    }

    private static func status(of error: AccessError) -> HTTPResponse.Status {
        switch error {
        case .unauthenticated: .unauthorized
        case .forbidden, .beyondOwnRights: .forbidden
        case .notFound: .notFound
        case .invalid, .unusable: .badRequest
        case .conflict: .conflict
        case .preconditionFailed: .preconditionFailed
        case .tooManyAttempts, .loginsExhausted, .tooManyQuestions: .tooManyRequests
        case .importLine: .unprocessableContent
        case .revisionNotReached, .loginUnavailable: .serviceUnavailable
        case .directory: .badGateway
        case .storage(.busy): .serviceUnavailable
        case .storage(.diskFull): .init(code: 507, reasonPhrase: "Insufficient Storage")
        case .storage(.readOnly), .storage(.replaced), .storage(.abandoned), .storage(.unreachable),
            .storage(.unreplicated):
            .serviceUnavailable
        case .storage(.constraint): .conflict
        case .storage: .internalServerError
        }
    }
}
