import AccessControl
import AccessModel
import HTTPSupport
import Hummingbird
import StrictJSON

extension RESTAPI {
    func addTokens(to routes: Routes) {
        addTokens(to: routes, "users/{user}/tokens") { .user(try $0.accountName("user", kind: "user")) }
        for (path, owner) in serviceAccountOwners {
            addTokens(to: routes, "\(path)/service-accounts/{service}/tokens") { context in
                .serviceAccount(
                    owner: try owner(context), name: try context.teamName("service", kind: "service account"))
            }
        }
    }

    private func addTokens(
        to routes: Routes, _ path: String,
        _ holder: @escaping @Sendable (AuthenticatedContext) throws -> TokenHolderName
    ) {
        routes.get(path) { _, context in
            let tokens = try await service.authentication.tokens(of: holder(context), as: context.caller)
            return ["items": .array(tokens.map { JSONValue($0, service) })] as JSONValue
        }
        routes.post(path) { request, context in
            let terms = try await request.json(NewTokenBody.self).terms
            let made = try await service.authentication.createToken(of: holder(context), terms, as: context.caller)
            return JSONValue.made(made, service, request.uri.path)
        }
        routes.post("\(path)/{id}/rotate") { request, context in
            let body = try await request.json(RotationBody.self)
            let made = try await service.authentication.rotateToken(
                TokenID(rawValue: try context.parameter("id")), of: holder(context),
                overlap: .seconds(body.overlap), expiresAt: body.expiresAt, as: context.caller)
            let path = request.uri.path.split(separator: "/").prefix { $0 != "tokens" }.joined(separator: "/")
            return JSONValue.made(made, service, "/\(path)/tokens")
        }
        routes.delete("\(path)/{id}", accepting: .dryRun) { request, context in
            let command = DeleteToken(
                holder: try holder(context), id: TokenID(rawValue: try context.parameter("id")))
            return try await delete(command, request, context)
        }
    }
}

extension RESTAPI {
    /// The token of the request itself, for programs that know no more than their secret.
    func addCurrentToken(to routes: Routes) {
        routes.get("tokens/current") { _, context in
            let (holder, token) = try await service.authentication.currentToken(as: context.caller)
            return JSONValue(token, service, holder: holder)
        }
        routes.post("tokens/current/rotate") { request, context in
            let body = try await request.json(RotationBody.self)
            let made = try await service.authentication.rotateCurrentToken(
                overlap: .seconds(body.overlap), expiresAt: body.expiresAt, as: context.caller)
            return JSONValue.made(made, service, nil)
        }
    }
}

private struct NewTokenBody: JSONReadable {
    let terms: TokenTerms

    init(json: JSONValue) throws(JSONError) {
        var body = try JSONMembers(json)
        terms = TokenTerms(
            name: try body.required(String.self, "name"), expiresAt: try body.optional(Timestamp.self, "expires_at"),
            scope: try body.optional(ScopeBody.self, "scope")?.scope,
            may: try body.optional([TokenRightBody].self, "may")?.map(\.right) ?? [])
        try body.refuseUnknown()
    }
}

private struct TokenRightBody: JSONReadable {
    let right: TokenRight<AccountName>

    init(json: JSONValue) throws(JSONError) {
        let text = try String(json: json)
        do {
            guard let right = try TokenRight<String>(text).of({ (name) throws(NameError) in try AccountName(name) })
            else { throw JSONError("use rotate or manage-tokens:OWNER") }
            self.right = right
        } catch { throw JSONError("\(error)") }
    }
}

private struct ScopeBody: JSONReadable {
    let scope: TokenScope

    init(json: JSONValue) throws(JSONError) {
        var body = try JSONMembers(json)
        let actions = try body.required([RegistryAction].self, "actions")
        let repositories = try body.required([RepositoryPattern].self, "repositories")
        try body.refuseUnknown()
        do { scope = try TokenScope(actions: actions, repositories: repositories) } catch {
            throw JSONError(error.description)
        }
    }
}

private struct RotationBody: JSONReadable {
    /// Seconds; a day without it.
    let overlap: Int
    let expiresAt: Timestamp?

    init(json: JSONValue) throws(JSONError) {
        var body = try JSONMembers(json)
        overlap = try body.optional(Int.self, "overlap") ?? 86_400
        expiresAt = try body.optional(Timestamp.self, "expires_at")
        try body.refuseUnknown()
    }
}

extension JSONValue {
    /// - Parameter path: where the holder's tokens are; nil if the caller did not say it.
    fileprivate static func made(_ made: Committed<NewToken>, _ service: AccessService, _ path: String?) -> Response {
        JSONValue(TokenView(token: made.value.token, lastUse: nil), service, secret: made.value.secret).resource(
            made.revision, status: .created, written: made.revision,
            location: path.map { "\($0)/\(made.value.token.id)" })
    }

    fileprivate init(_ view: TokenView, _ service: AccessService, holder: TokenHolderName? = nil, secret: String? = nil)
    {
        let (token, lastUse) = (view.token, view.lastUse)
        var members: [(String, JSONValue?)] = [
            ("id", JSONValue(token.id)), ("name", .string(token.name)),
            ("kind", token.login == nil ? "access" : "registry-login"),
        ]
        if let holder { members.append(("holder", .string(holder.description))) }
        if let secret { members.append(("secret", .string(secret))) }
        if let login = token.login { members.append(("registry_service", .string(login.service))) }
        let graph = service.transactions.published.current
        let may = token.may.all.compactMap { $0.of(graph.name(ofAccount:)) }
        members += [
            ("scope", token.scope.map { JSONValue($0) } ?? .null),
            ("may", .array(may.map { .string($0.description) })), ("made_by", JSONValue(token.madeBy?.rawValue)),
            ("created_at", JSONValue(token.createdAt)),
            ("expires_at", JSONValue(token.expiresAt)), ("last_used_at", JSONValue(lastUse?.time)),
            ("last_used_address", JSONValue(lastUse?.address)),
        ]
        self.init(members: members)
    }

    private init(_ scope: TokenScope) {
        self = [
            "actions": .array(scope.actions.map { .string($0.rawValue) }),
            "repositories": .array(scope.repositories.map { .string($0.description) }),
        ]
    }
}
