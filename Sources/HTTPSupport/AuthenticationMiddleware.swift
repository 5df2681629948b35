public import AccessControl
import AccessModel
import Foundation
public import Hummingbird

/// Verifies the credential of a request, if it has one: `Basic` with a password or a token as
/// the password (RFC 7617), or `Bearer` with a token (RFC 6750).
public struct AuthenticationMiddleware: RouterMiddleware {
    private let service: AccessService
    private let acceptsLimitedTokens: Bool
    private let acceptsAgents: Bool

    /// - Parameters:
    ///   - acceptsLimitedTokens: whether the routes are for tokens too that are limited to repositories.
    ///   - acceptsAgents: whether they are for the agents of clusters and engines, who answer for these alone.
    public init(service: AccessService, acceptsLimitedTokens: Bool = false, acceptsAgents: Bool = true) {
        self.service = service
        self.acceptsLimitedTokens = acceptsLimitedTokens
        self.acceptsAgents = acceptsAgents
    }

    public func handle(
        _ request: Request, context: APIContext, next: (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        guard context.caller == nil, let header = request.headers[.authorization] else {
            return try await next(request, context)
        }
        var context = context
        let caller = try await service.authentication.caller(authorization: header, address: context.address)
        if !acceptsLimitedTokens { try caller.requireUnlimited() }
        if !acceptsAgents, service.decisions.isAgent(caller) {
            throw AccessError.forbidden("an agent asks for its cluster or engine, and administers nothing")
        }
        context.caller = caller
        return try await next(request, context)
    }
}

/// The scheme of an `Authorization` header in lower case, and what follows it (RFC 9110, 11.4).
func credentials(in header: String) -> (scheme: String, value: String)? {
    guard let space = header.utf8.firstIndex(of: UInt8(ascii: " ")), space > header.startIndex else { return nil }
    let value = header[header.utf8.index(after: space)...].trimmingBlanks
    guard !value.isEmpty else { return nil }
    return (header[..<space].lowercased(), value)
}

extension Authentication {
    /// The caller that an `Authorization` header names.
    /// - Parameter isForRefreshToken: whether the client is to keep the login.
    public func caller(
        authorization header: String, address: String, isForRefreshToken: Bool = false
    ) async throws(AccessError) -> Caller {
        guard let (scheme, value) = credentials(in: header) else {
            throw .unauthenticated("the Authorization header is not of a known form")
        }
        switch scheme {
        case "bearer":
            return try await authenticate(token: value, address: address)
        case "basic":
            // A password has at most 1,024 characters.
            guard value.utf8.count <= 8_192, let data = Data(base64Encoded: value), StreamSafeText.isSafe(data),
                let text = String(data: data, encoding: .utf8), let colon = text.firstIndex(of: ":")
            else { throw .unauthenticated("the Basic credentials are not base64 of login:password") }
            return try await authenticate(
                login: String(text[..<colon]), secret: String(text[text.index(after: colon)...]), address: address,
                isForRefreshToken: isForRefreshToken)
        default:
            throw .unauthenticated("use Basic or Bearer credentials")
        }
    }
}
