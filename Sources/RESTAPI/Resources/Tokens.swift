import AccessControl
import AccessModel
import HTTPSupport
import Hummingbird

extension RESTAPI {
    func addTokens(to routes: Routes) {
        routes.get("users/{user}/tokens") { _, context in
            let name = try context.accountName("user", kind: "user")
            let tokens = try await service.ask(ListTokens(user: name), as: context.caller)
            return ["items": .array(tokens.map { JSON(token: $0) })] as JSON
        }
        routes.post("users/{user}/tokens") { request, context in
            let name = try context.accountName("user", kind: "user")
            try request.refuseDryRun()
            let body = try await request.json(NewTokenBody.self)
            let made = try await service.createToken(
                for: name, named: body.name, expiresAt: body.expiresAt, as: context.caller)
            return JSON(token: made.value.token, secret: made.value.secret).resource(
                made.revision, status: .created, written: made.revision,
                location: "/v1/users/\(name)/tokens/\(made.value.token.id)")
        }
        routes.delete("users/{user}/tokens/{id}") { request, context in
            let command = DeleteToken(
                user: try context.accountName("user", kind: "user"), id: TokenID(rawValue: try context.parameter("id")))
            return try await delete(command, request, context)
        }
    }
}

private struct NewTokenBody: Decodable {
    let name: String
    let expiresAt: Timestamp?

    init(from decoder: any Decoder) throws {
        let body = try StrictContainer(decoder)
        name = try body.required(String.self, "name")
        expiresAt = try body.optional(Timestamp.self, "expires_at")
        try body.refuseUnread()
    }
}

extension JSON {
    fileprivate init(token: AccessToken, secret: String? = nil) {
        var members: [(String, JSON)] = [("id", JSON(token.id)), ("name", .string(token.name))]
        if let secret { members.append(("secret", .string(secret))) }
        members += [("created_at", JSON(token.createdAt)), ("expires_at", JSON(token.expiresAt))]
        self = .object(members)
    }
}
