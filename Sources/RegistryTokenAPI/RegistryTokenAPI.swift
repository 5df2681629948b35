public import AccessControl
import AccessModel
import Foundation
public import HTTPSupport
import HTTPTypes
public import Hummingbird

/// The token endpoint of the distribution registry ("Docker Registry v2 authentication via
/// central service") and the keys that verify its tokens.
public struct RegistryTokenAPI: Sendable {
    let service: AccessService
    /// What the registry's notifications have to bring; without one they are refused.
    let eventsSecret: String?

    public init(service: AccessService, eventsSecret: String?) {
        self.service = service
        self.eventsSecret = eventsSecret
    }

    public func mount(on router: Router<APIContext>) {
        router.get("token") { request, context in
            await respond(request) {
                let caller = try await caller(of: request, context)
                let query = request.uri.queryParameters
                let asked = RegistryTokenRequest(
                    service: query["service"].map(String.init),
                    scopes: RegistryScope.parse(query[values: "scope"].map(Self.spaced)))
                return try await service.issueRegistryToken(asked, as: caller)
            }
        }
        addNotifications(to: router)
        router.get(".well-known/jwks.json") { _, _ in JSON.raw(String(decoding: service.keySet, as: UTF8.self)) }
    }

    /// Forms write a space as a plus sign, and no name holds one.
    private static func spaced(_ value: Substring) -> String { String(value.map { $0 == "+" ? " " : $0 }) }

    /// Nobody without credentials; with wrong ones 401, even for what is public. The parameter
    /// `account` chooses nobody: only a credential does.
    private func caller(of request: Request, _ context: APIContext) async throws -> Caller {
        guard let header = request.headers[.authorization] else { return .anonymous }
        return try await service.caller(authorization: header, address: context.address)
    }

    private func respond(_ request: Request, _ issue: () async throws -> IssuedRegistryToken) async -> Response {
        do {
            return JSON(try await issue()).response()
        } catch let error as AccessError {
            return RegistryError(error).response
        } catch {
            return RegistryError(.storage(.failed("internal"))).response
        }
    }
}

extension JSON {
    fileprivate init(_ issued: IssuedRegistryToken) {
        self = [
            "token": .string(issued.token), "access_token": .string(issued.token),
            "expires_in": .number(issued.expiresIn),
            "issued_at": .string(Timestamp(seconds: issued.issuedAt.seconds).description),
        ]
    }
}

/// Errors in the registry's form: `errors[0].message` is the only text that clients show.
private struct RegistryError {
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
        case .tooManyAttempts(let seconds):
            (status, code) = (.tooManyRequests, "TOOMANYREQUESTS")
            headers[.retryAfter] = String(seconds)
        case .directory: (status, code) = (.serviceUnavailable, "UNAVAILABLE")
        default: (status, code) = (.internalServerError, "UNKNOWN")
        }
    }

    var response: Response {
        let errors: JSON = ["errors": [["code": .string(code), "message": .string(message), "detail": nil]]]
        return errors.response(status: status, headers: headers)
    }
}
