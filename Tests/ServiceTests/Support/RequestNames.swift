import AccessControl
import AccessModel
import TestSupport

/// Puts names for what is in braces, and makes what they name.
struct RequestNames {
    let service: TestService
    let person: String

    /// A directory that nobody answers for.
    static let directory: JSONValue = [
        "preset": "openldap", "urls": ["ldap://127.0.0.1:1"], "tls": ["mode": "none", "allow_cleartext": true],
        "users": ["base": "ou=people,dc=example"], "groups": ["base": "ou=groups,dc=example"],
    ]

    static let person = "7a0c3f5e-1b7c-4a56-9f0e-6b1d2c3e4f50"

    func fill(_ text: String) async throws -> String {
        var text = text.replacing("{self}", with: person).replacing("{folder}", with: service.folder.root)
        for match in text.matches(of: /\{(directory|linked|mine|next|retired|run|token:([^}]+))\}/).reversed() {
            let name = try await make(String(match.1), holder: match.2.map(String.init))
            text.replaceSubrange(match.range, with: name)
        }
        return text
    }

    private func make(_ what: String, holder: String?) async throws -> String {
        switch what {
        case "directory":
            if try await service.get("/v1/directories/corp", as: "root").status == 404 {
                try await done(service.put("/v1/directories/corp", Self.directory, as: "root"))
            }
            return "corp"
        case "linked":
            _ = try await make("directory", holder: nil)
            try await done(
                service.put(
                    "/v1/users/vic/directory", ["directory": "corp", "external_id": .string(Self.person)], as: "root"))
            return "vic"
        case "mine":
            if person != Column.anonymous.person {
                try await service.load([
                    .repository("\(person)/mine"), .grant("sam", "\(person)/mine", .readOnly),
                    .grant("\(person)+bot", "\(person)/mine", .readOnly), .grant("\(person)+bot", person, .readOnly),
                ])
            }
            return "\(person)/mine"
        case "next":
            if try await service.get("/v1/registry/keys", as: "root").items.count == 1 {
                try await done(service.post("/v1/registry/keys", [:], as: "root"))
            }
            return "next"
        case "retired":
            if try await service.get("/v1/retired-names", as: "root").items.isEmpty {
                try await done(service.post("/v1/users", ["name": "gone"], as: "root"))
                try await done(service.delete("/v1/users/gone", as: "root"))
            }
            return "gone"
        case "run":
            _ = try await make("directory", holder: nil)
            // One that can be read, and neither applied nor approved.
            var run = SyncRun(
                id: "00000000000000a", directory: "corp", mode: .plan, actor: "service", startedAt: service.clock.now,
                settingsRevision: 1)
            run.state = .failed
            run.plan = SyncPlan(directory: "corp", changes: [], notes: [])
            let failed = run
            try await service.service.transactions.store.write(as: .service) { (writer) throws(AccessError) in
                try writer.save(failed)
            }
            return run.id
        default:
            return try await token(of: holder ?? "")
        }
    }

    /// The identity of a new token of `name` or `owner+name`.
    private func token(of login: String) async throws -> String {
        let parts = login.split(separator: "+")
        guard parts.first.map(String.init) != Column.anonymous.person else { return "000000000000000" }
        let holder: TokenHolderName =
            parts.count == 2
            ? .serviceAccount(owner: try AccountName(parts[0]), name: try TeamName(parts[1]))
            : .user(try AccountName(login))
        return try await service.service.authentication.createToken(
            of: holder, TokenTerms(name: "a token"), as: .service
        )
        .value.token.id.rawValue
    }

    private func done(_ answer: TestAnswer) throws {
        guard answer.status < 300 else { throw TestServiceError("\(answer.status): \(answer.text)") }
    }
}
