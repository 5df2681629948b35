public import AccessModel
import Foundation

/// What a registry client asks of the token endpoint (distribution specification, "Token
/// authentication").
public struct RegistryTokenRequest: Hashable, Sendable {
    public var service: String?
    public var scopes: [RegistryScope]
    /// Whether the client asks for a refresh token, too.
    public var isOffline: Bool
    /// What the client calls itself.
    public var client: String

    public init(service: String?, scopes: [RegistryScope], isOffline: Bool = false, client: String = "") {
        self.service = service
        self.scopes = scopes
        self.isOffline = isOffline
        self.client = client
    }
}

public struct IssuedRegistryToken: Hashable, Sendable {
    public let token: String
    public let issuedAt: Timestamp
    /// Seconds.
    public let expiresIn: Int64
    public let access: [RegistryAccess]
    /// Only where one was asked for, and the caller proved who they are by a password.
    public let refreshToken: String?
}

extension ContainerRegistry {
    /// A token for whoever holds a refresh token, which stays as it is.
    public func issueRegistryToken(
        _ request: RegistryTokenRequest, refreshToken secret: String, address: String
    ) async throws(AccessError) -> IssuedRegistryToken {
        try checkService(of: request)
        let service = request.service ?? settings.registryService
        let caller = try await authentication.authenticate(refreshToken: secret, service: service, address: address)
        let issued = try await issueRegistryToken(request, as: caller, from: address)
        return IssuedRegistryToken(
            token: issued.token, issuedAt: issued.issuedAt, expiresIn: issued.expiresIn, access: issued.access,
            refreshToken: secret)
    }

    /// A token with what the caller gets of the scopes asked for: a part, or nothing, is no error.
    /// It works for minutes, so it has to rest on everything that was committed before, whoever wrote it: the caller has
    /// caught up before the credential was looked at.
    /// - Parameter address: where the client is, for the log.
    public func issueRegistryToken(
        _ request: RegistryTokenRequest, as caller: Caller, from address: String
    ) async throws(AccessError) -> IssuedRegistryToken {
        try checkService(of: request)
        let (graph, now) = (published.current, clock.now)
        guard let principal = graph.principal(of: caller.actor) else {
            throw .forbidden("registry tokens are for users, service accounts and the anonymous")
        }
        let grant = graph.registryGrant(
            for: principal, scopes: request.scopes, limit: caller.limit, at: now)
        let isWhole = request.scopes.allSatisfy { scope in missing(of: scope, in: grant.access).isEmpty }
        let outcome = request.scopes.isEmpty ? "empty" : isWhole ? "whole" : "reduced"
        transactions.figures.count(.registryTokens, [outcome])
        logRefusals(request.scopes, granted: grant.access, to: principal, from: address)
        var end = now.seconds + settings.registryTokenLifetime
        for until in [grant.validUntil, caller.end].compactMap(\.self) { end = min(end, until.seconds) }
        let service = request.service ?? settings.registryService
        let refreshToken =
            request.isOffline
            ? try await authentication.makeRefreshToken(for: caller, service: service, client: request.client) : nil
        let claims = claims(
            access: grant.access, for: principal == .anonymous ? "" : principal.description, audience: service,
            until: end)
        return IssuedRegistryToken(
            token: try encoded(claims, signer.sign), issuedAt: now, expiresIn: max(0, end - now.seconds),
            access: grant.access, refreshToken: refreshToken)
    }

    /// One push asks for two or three; a request may ask for hundreds.
    private static let loggedScopes = 8

    /// Logs each repository of which less was granted than asked for. What is not there yet or hidden is refused
    /// alike. What everybody may ask for without a credential is logged once a minute for each network.
    private func logRefusals(
        _ scopes: [RegistryScope], granted: [RegistryAccess], to principal: Principal, from address: String
    ) {
        var logged: Set<RegistryScope> = []
        for scope in scopes.prefix(Self.loggedScopes) where logged.insert(scope).inserted {
            let missing = missing(of: scope, in: granted)
            guard !missing.isEmpty else { continue }
            if principal == .anonymous {
                let network = ClientAddress.network(of: address) ?? address
                guard authentication.complaints.isDue("anonymous \(network)", now: clock.now) else { return }
            }
            logger.notice(
                "registry access refused",
                metadata: [
                    "address": "\(address)", "subject": "\(principal)", "repository": "\(scope.name)",
                    "actions": "\(missing.joined(separator: ","))",
                ])
        }
    }

    private func missing(of scope: RegistryScope, in granted: [RegistryAccess]) -> [String] {
        let given = Set(granted.filter { $0.type == scope.type && $0.name == scope.name }.flatMap(\.actions))
        return scope.actions.filter { !given.contains($0) }
    }

    /// A token for this service itself, to ask a registry with.
    func ownRegistryToken(_ access: RegistryAccess) throws(AccessError) -> String {
        let claims = claims(access: [access], for: "portreeve", until: clock.now.seconds + 300)
        return try encoded(claims, signer.sign)
    }

    func claims(
        access: [RegistryAccess], for subject: String, audience: String? = nil, until end: Int64
    ) -> RegistryClaims {
        let now = clock.now
        return RegistryClaims(
            iss: settings.registryIssuer, sub: subject, aud: audience ?? settings.registryService, exp: end,
            nbf: now.seconds - 5, iat: now.seconds, jti: Identifier<IssuedRegistryToken>.make(at: now).rawValue,
            access: access)
    }

    func encoded<Token>(_ claims: RegistryClaims, _ sign: ([UInt8]) throws -> Token) throws(AccessError) -> Token {
        do {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.withoutEscapingSlashes]
            return try sign(Array(try encoder.encode(claims)))
        } catch {
            logger.error("signing a registry token failed", metadata: ["error": "\(error)"])
            throw .storage(.failed("the signing key cannot be used"))
        }
    }

    private func checkService(of request: RegistryTokenRequest) throws(AccessError) {
        if let service = request.service, service != settings.registryService {
            throw .invalid(
                field: "service", value: service,
                reason: "this is the token server of \"\(settings.registryService)\": set `service` in the registry's "
                    + "auth.token to that, or registry.service here to what it says there")
        }
    }

    /// The JSON Web Key Set that verifies registry tokens.
    public var keySet: [UInt8] { signer.keySet }
    /// PEM certificates for the registry's `rootcertbundle`.
    public var certificateBundle: String { signer.certificateBundle }
}

/// RFC 7519 claims as distribution 2.8 wants them: `aud` one string, times integers.
struct RegistryClaims: Encodable {
    let iss: String
    let sub: String
    let aud: String
    let exp: Int64
    let nbf: Int64
    let iat: Int64
    let jti: String
    let access: [RegistryAccess]
}
