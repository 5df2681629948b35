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
    var headers: HTTPFields = [:]

    init(_ error: AccessError) {
        let problem = Problem(error)
        message = error.description
        status = problem.status
        headers[.retryAfter] = problem.headers[.retryAfter]
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
        (status, code, message) = (error.status, "UNSUPPORTED", error.description)
    }

    var response: Response {
        let errors: JSONValue = ["errors": [["code": .string(code), "message": .string(message), "detail": .null]]]
        return errors.response(status: status, headers: headers)
    }
}

extension RegistryError {
    /// What `body` answers, or why not, in the form that registries' clients read. What is ours to mend is logged.
    static func answering(_ context: APIContext, _ body: () async throws -> Response) async -> Response {
        do {
            return try await body()
        } catch let error as AccessError {
            if case .storage = error { context.logger.error("storage failed", metadata: ["error": "\(error)"]) }
            return RegistryError(error).response
        } catch let error as BodyError {
            return RegistryError(error).response
        } catch {
            context.logger.error("a registry's request failed", metadata: ["error": "\(error)"])
            return RegistryError(.storage(.failed("see the log of the service"))).response
        }
    }
}
