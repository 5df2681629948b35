import AccessControl
import AccessModel
import Foundation
import HTTPSupport
import HTTPTypes
import Hummingbird
import StrictJSON

extension RegistryTokenAPI {
    func addTokens(to router: Router<APIContext>) {
        // Distribution specification, "Token Authentication Specification".
        router.get("token") { request, context in
            await RegistryError.answering(context) {
                // Once, before the credential: what another process has just revoked counts no more.
                try await service.transactions.catchUp()
                let asked = try TokenForm(request.uri.query ?? "").request
                let caller = try await caller(of: request, context, isForRefreshToken: asked.isOffline)
                return JSONValue(
                    try await service.registry.issueRegistryToken(asked, as: caller, from: context.address)
                )
                .response()
            }
        }
        // "OAuth2 Token Authentication": RFC 6749 sections 4.3 and 6.
        router.post("token") { request, context in
            await RegistryError.answering(context, isOAuth: true) {
                let form = try await request.form()
                try await service.transactions.catchUp()
                let issued = try await issue(form, address: context.address)
                let granted = issued.access.map { "\($0.type):\($0.name):\($0.actions.joined(separator: ","))" }
                return JSONValue(issued, scope: granted.joined(separator: " "))
                    .response(headers: [.cacheControl: "no-store", .pragma: "no-cache"])
            }
        }
    }

    private func issue(_ form: TokenForm, address: String) async throws -> IssuedRegistryToken {
        switch form["grant_type"] {
        case "password":
            guard let login = form["username"], let password = form["password"] else {
                throw AccessError.invalid(field: "password", value: nil, reason: "give username and password")
            }
            let asked = form.request
            let caller = try await service.authentication.authenticate(
                login: login, secret: password, address: address, isForRefreshToken: asked.isOffline)
            return try await service.registry.issueRegistryToken(asked, as: caller, from: address)
        case "refresh_token":
            guard let token = form["refresh_token"] else {
                throw AccessError.invalid(field: "refresh_token", value: nil, reason: "give the refresh token")
            }
            return try await service.registry.issueRegistryToken(form.request, refreshToken: token, address: address)
        case let other:
            throw AccessError.invalid(
                field: "grant_type", value: other, reason: "use password or refresh_token")
        }
    }

    /// Nobody without credentials; with wrong ones 401, even for what is public. The parameter
    /// `account` chooses nobody: only a credential does.
    private func caller(of request: Request, _ context: APIContext, isForRefreshToken: Bool) async throws -> Caller {
        guard let header = request.headers[.authorization] else { return .anonymous }
        return try await service.authentication.caller(
            authorization: header, address: context.address, isForRefreshToken: isForRefreshToken)
    }
}

/// The parameters of a request for a token: its query, or a body of the type
/// `application/x-www-form-urlencoded` (URL Standard, section 5.1).
private struct TokenForm {
    private let members: [(name: String, value: String)]

    /// Parameters that a client may send. None sends a dozen.
    private static let limit = 512
    private static let lengthLimit = 16_384

    init(_ text: some StringProtocol) throws(BodyError) {
        guard StreamSafeText.isSafe(text.utf8, .percentEncoded) else {
            throw .malformed(StreamSafeText.refusal, field: nil)
        }
        guard text.utf8.count <= Self.lengthLimit else {
            throw .malformed("the parameters are longer than \(Self.lengthLimit) bytes", field: nil)
        }
        guard text.utf8.count(where: { $0 == UInt8(ascii: "&") }) < Self.limit else {
            throw .malformed("there are more than \(Self.limit) parameters", field: nil)
        }
        members = text.split(separator: "&").compactMap { member in
            let parts = member.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                .map { $0.replacingOccurrences(of: "+", with: " ").removingPercentEncoding }
            guard let name = parts[0], let value = parts.count == 2 ? parts[1] : "" else { return nil }
            return (name, value)
        }
    }

    /// A parameter without a value is as good as none (RFC 6749, 3.2).
    subscript(name: String) -> String? {
        members.first { $0.name == name }.flatMap { $0.value.isEmpty ? nil : $0.value }
    }

    /// But for scopes (RFC 6749, 3.2).
    func requireEachOnce() throws(AccessError) {
        var seen: Set<String> = ["scope"]
        for name in members.map(\.name) where name != "scope" && !seen.insert(name).inserted {
            throw .invalid(field: name, value: nil, reason: "it is there twice")
        }
    }

    var request: RegistryTokenRequest {
        RegistryTokenRequest(
            service: self["service"],
            scopes: RegistryScope.parse(members.lazy.filter { $0.name == "scope" }.map(\.value)),
            isOffline: self["offline_token"] == "true" || self["access_type"] == "offline",
            client: self["client_id"] ?? "")
    }
}

extension Request {
    /// At most 64 KiB, in one piece or in chunks.
    fileprivate func form() async throws -> TokenForm {
        try requireContentType("application/x-www-form-urlencoded")
        let form = try TokenForm(String(decoding: try await bytes(upTo: 1 << 16), as: UTF8.self))
        try form.requireEachOnce()
        return form
    }
}

extension JSONValue {
    /// - Parameter scope: what was granted, for an answer of OAuth 2 (RFC 6749 section 5.1).
    fileprivate init(_ issued: IssuedRegistryToken, scope: String? = nil) {
        var members: [(String, JSONValue?)] = [
            ("token", .string(issued.token)), ("access_token", .string(issued.token)),
        ]
        if let scope { members += [("token_type", "Bearer"), ("scope", scope.isEmpty ? nil : .string(scope))] }
        members += [
            ("expires_in", JSONValue(issued.expiresIn)),
            ("issued_at", .string(Timestamp(seconds: issued.issuedAt.seconds).description)),
        ]
        if let refresh = issued.refreshToken { members.append(("refresh_token", .string(refresh))) }
        self.init(members: members)
    }
}

extension HTTPField.Name {
    /// For caches of HTTP/1.0, which RFC 6749, 5.1, still names.
    fileprivate static let pragma = HTTPField.Name("Pragma") ?? .cacheControl
}
