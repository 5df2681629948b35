import AccessControl
import HTTPSupport
import HTTPTypes
import Hummingbird

/// Errors in the registry's form: `errors[0].message` is the only text that clients show.
struct RegistryError {
    let status: HTTPResponse.Status
    let code: String
    let message: String
    var headers: HTTPFields = [:]

    init(_ error: AccessError) {
        message = error.description
        switch error {
        case .unauthenticated:
            (status, code) = (.unauthorized, "UNAUTHORIZED")
            headers[.wwwAuthenticate] = "Basic realm=\"portreeve\""
        case .forbidden: (status, code) = (.forbidden, "DENIED")
        case .invalid: (status, code) = (.badRequest, "UNSUPPORTED")
        case .tooManyAttempts(let seconds), .tooManyQuestions(let seconds):
            (status, code) = (.tooManyRequests, "TOOMANYREQUESTS")
            headers[.retryAfter] = String(seconds)
        case .loginUnavailable(let seconds):
            (status, code) = (.serviceUnavailable, "UNAVAILABLE")
            headers[.retryAfter] = String(seconds)
        case .storage(.busy), .storage(.readOnly), .storage(.replaced), .revisionNotReached:
            (status, code) = (.serviceUnavailable, "UNAVAILABLE")
            headers[.retryAfter] = "5"
        default: (status, code) = (.internalServerError, "UNKNOWN")
        }
    }

    init(_ error: BodyError) {
        (status, code, message) = (error.status, "UNSUPPORTED", error.description)
    }

    var response: Response {
        let errors: JSON = ["errors": [["code": .string(code), "message": .string(message), "detail": nil]]]
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
