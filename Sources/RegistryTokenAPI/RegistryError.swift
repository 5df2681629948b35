import AccessControl
import HTTPSupport
import HTTPTypes
import Hummingbird
import StrictJSON

/// Errors in the registry's form: `errors[0].message` is the only text that clients show.
struct RegistryError {
    let status: HTTPResponse.Status
    let code: String
    let message: String
    /// RFC 6749, 5.2; nil where that has no word.
    let oauthCode: String?
    var headers: HTTPFields = [:]

    init(_ error: AccessError) {
        let problem = Problem(error)
        message = error.description
        status = problem.status
        headers[.retryAfter] = problem.headers[.retryAfter]
        oauthCode =
            switch error {
            case .unauthenticated: "invalid_grant"
            case .forbidden: "unauthorized_client"
            case .invalid("grant_type", _?, _): "unsupported_grant_type"
            // The nearest that the standard has.
            case .invalid, .tooManyAttempts, .loginsExhausted, .tooManyQuestions: "invalid_request"
            default: nil
            }
        switch error {
        case .unauthenticated:
            code = "UNAUTHORIZED"
            headers[.wwwAuthenticate] = "Basic realm=\"portreeve\""
        case .forbidden: code = "DENIED"
        case .invalid: code = "UNSUPPORTED"
        case .tooManyAttempts, .loginsExhausted, .tooManyQuestions: code = "TOOMANYREQUESTS"
        default: code = status == .serviceUnavailable ? "UNAVAILABLE" : "UNKNOWN"
        }
    }

    init(_ error: BodyError) {
        (status, code, message, oauthCode) = (error.status, "UNSUPPORTED", error.description, "invalid_request")
    }

    /// - Parameter isOAuth: whether the error is told in the form of RFC 6749, 5.2, too.
    func response(isOAuth: Bool) -> Response {
        let errors: JSONValue = [["code": .string(code), "message": .string(message), "detail": .null]]
        let oauth: [(String, JSONValue?)] =
            isOAuth ? [("error", JSONValue(oauthCode)), ("error_description", .string(message))] : []
        let told = oauth.filter { $0.1 != .null }
        return JSONValue(members: [("errors", errors)] + told).response(status: status, headers: headers)
    }
}

extension RegistryError {
    /// What `body` answers, or why not, in the form that registries' clients read. What is ours to mend is logged.
    /// - Parameter isOAuth: see `response(isOAuth:)`.
    static func answering(
        _ context: APIContext, isOAuth: Bool = false, _ body: () async throws -> Response
    ) async -> Response {
        let refusal: RegistryError
        do {
            return try await body()
        } catch let error as AccessError {
            if case .storage = error { context.logger.error("storage failed", metadata: ["error": "\(error)"]) }
            refusal = RegistryError(error)
        } catch let error as BodyError {
            refusal = RegistryError(error)
        } catch {
            context.logger.error("a registry's request failed", metadata: ["error": "\(error)"])
            refusal = RegistryError(.storage(.failed("see the log of the service")))
        }
        return refusal.response(isOAuth: isOAuth)
    }
}
