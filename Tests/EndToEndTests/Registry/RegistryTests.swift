import Foundation
import TestSupport
import Testing

/// What people may do in a registry that believes the service's tokens, by the client that they use.
@Suite(.serialized, .timeLimit(.minutes(5)))
struct RegistryTests {
    let repository = "nerd-dinner/nerd-dinner-web"
    let publicRepository = "nerd-dinner/nerd-dinner-homepage"

    @Test func `a member of a team with read-write pushes and pulls`() async throws {
        let world = try await RegistryWorld.shared.value
        try await world.skopeo.push(repository, as: world.elton).required()
        try await world.skopeo.pull(repository, as: world.elton).required()
        let tags = try await world.skopeo.tags(of: repository, as: world.elton).required()
        #expect(tags.output.contains("latest"))
    }

    @Test func `a member of a team with read-only pulls and does not push`() async throws {
        let world = try await RegistryWorld.shared.value
        try await world.skopeo.push(repository, as: world.elton).required()
        try await world.skopeo.pull(repository, as: world.paula).required()
        expectDenied(try await world.skopeo.push(repository, tag: "mine", as: world.paula))
        expectDenied(try await world.skopeo.delete(repository, as: world.paula))
    }

    @Test func `an outsider sees a private repository as one that does not exist`() async throws {
        let world = try await RegistryWorld.shared.value
        try await world.skopeo.push(repository, as: world.elton).required()
        expectDenied(try await world.skopeo.push(repository, as: world.frida))
        let existing = try await world.skopeo.pull(repository, as: world.frida)
        expectDenied(existing)
        let missing = try await world.skopeo.pull("nerd-dinner/no-such-thing", as: world.frida)
        let withoutTimes = { (outcome: Outcome) in
            outcome.errors.replacing(/time="[^"]*"/, with: "").replacing(/nerd-dinner\/[a-z-]+/, with: "X")
        }
        #expect(withoutTimes(existing) == withoutTimes(missing))
    }

    @Test func `an unknown user and a wrong password are told the same`() async throws {
        let world = try await RegistryWorld.shared.value
        for login in [Skopeo.Login("nobody", "Dinner-nobody-1"), Skopeo.Login("elton", "a wrong password")] {
            let push = try await world.skopeo.push(repository, as: login)
            #expect(push.status != 0)
            #expect(push.errors.contains("unauthorized"), "\(push)")
            // Also for what everybody may pull: else a typing mistake would go unnoticed.
            let pull = try await world.skopeo.pull(publicRepository, as: login)
            #expect(pull.status != 0 && pull.errors.contains("unauthorized"), "\(pull)")
        }
        let answers = try await [Skopeo.Login("nobody", "Dinner-nobody-1"), Skopeo.Login("elton", "another wrong one")]
            .asyncMap { try await world.token(as: $0) }
        #expect(answers.map(\.status) == [401, 401])
        #expect(answers[0].text == answers[1].text)
    }

    @Test func `whoever is anonymous pulls what is public and nothing else`() async throws {
        let world = try await RegistryWorld.shared.value
        try await world.skopeo.push(publicRepository, as: world.paula).required()
        try await world.skopeo.push(repository, as: world.elton).required()
        try await world.skopeo.pull(publicRepository, as: nil).required()
        expectDenied(try await world.skopeo.pull(repository, as: nil))
        expectDenied(try await world.skopeo.push(publicRepository, as: nil))
    }

    @Test func `whoever may delete a tag deletes it`() async throws {
        let world = try await RegistryWorld.shared.value
        let repository = try await world.makeRepository("deleted")
        for login in [world.elton, world.admin] {
            try await world.skopeo.push(repository, as: login).required()
            expectDenied(try await world.skopeo.delete(repository, as: world.paula))
            try await world.skopeo.inspect(repository, as: world.paula).required()
            try await world.skopeo.delete(repository, as: login).required()
            #expect(try await world.skopeo.inspect(repository, as: login).status != 0)
        }
    }

    @Test func `a layer is mounted by whoever may pull it where it is`() async throws {
        let world = try await RegistryWorld.shared.value
        let target = try await world.makeRepository("mounted")
        let source = "platform/hidden"
        try await world.installation.ask(["repository", "create", source]).required()
        try await world.skopeo.push(repository, as: world.elton).required()
        try await world.skopeo.push(source, as: world.admin).required()

        #expect(try await mount(from: repository, to: target, as: world.elton) == 201)
        #expect(try await mount(from: source, to: target, as: world.elton) == 401)
        #expect(try await mount(from: source, to: target, as: world.admin) == 201)
        // Skopeo itself tries to mount what it has pushed elsewhere before.
        try await world.skopeo.push(target, as: world.elton).required()
        try await world.skopeo.pull(target, as: world.elton).required()
    }

    @Test func `the catalog is for administrators`() async throws {
        let world = try await RegistryWorld.shared.value
        try await world.skopeo.push(repository, as: world.elton).required()
        for (login, status) in [(world.admin, 200), (world.elton, 401)] {
            let token = try await world.token("registry:catalog:*", as: login).decode(TokenAnswer.self).token
            let catalog = try await HTTPCall.send("GET", world.registry.url + "/v2/_catalog", as: .bearer(token))
            #expect(catalog.status == status)
            #expect(catalog.text.contains(repository) == (status == 200))
        }
    }

    @Test func `skopeo logs in with a password and not with a wrong one`() async throws {
        let world = try await RegistryWorld.shared.value
        try await world.skopeo.login(as: world.frida).required()
        let refused = try await world.skopeo.login(as: .init("frida", "a wrong password"))
        #expect(refused.status != 0)
        #expect(refused.errors.contains("invalid username/password"), "\(refused)")
    }

    @Test func `a token stands for its user's password and for nobody else's`() async throws {
        let world = try await RegistryWorld.shared.value
        let made = try await world.installation.ask(["token", "create", "elton", "laptop", "--json"]).required()
        struct Made: Decodable { var id, secret: String }
        let token = try JSONDecoder().decode(Made.self, from: Data(made.output.utf8))

        try await world.skopeo.push(repository, as: .init("elton", token.secret)).required()
        #expect(try await world.skopeo.push(repository, as: .init("paula", token.secret)).status != 0)
        try await world.installation.ask(["token", "delete", "elton", token.id]).required()
        #expect(try await world.skopeo.push(repository, as: .init("elton", token.secret)).status != 0)
    }

    @Test func `a grant that is taken away is gone from the next token`() async throws {
        let world = try await RegistryWorld.shared.value
        let repository = try await world.makeRepository("taken")
        try await world.skopeo.push(repository, as: world.elton).required()
        try await world.installation.ask(["grant", "delete", "team:nerd-dinner/ops", repository]).required()
        expectDenied(try await world.skopeo.push(repository, as: world.elton))
        try await world.skopeo.pull(repository, as: world.elton).required()
        try await world.installation.ask(["grant", "put", "team:nerd-dinner/ops", repository, "read-write"]).required()
        try await world.skopeo.push(repository, as: world.elton).required()
    }

    @Test func `a token does not outlive the grant it rests on`() async throws {
        let world = try await RegistryWorld.shared.value
        let repository = "platform/lent"
        try await world.installation.ask(["repository", "create", repository]).required()
        let end = Int(Date.now.timeIntervalSince1970) + 4
        let time = Date(timeIntervalSince1970: TimeInterval(end)).ISO8601Format()
        try await world.installation.ask(["grant", "put", "user:frida", repository, "read-write", "--expires-at", time])
            .required()

        let answer = try await world.token("repository:\(repository):pull,push", as: world.frida)
        let claims = try TokenClaims(of: answer.decode(TokenAnswer.self).token)
        #expect(claims.access.map(\.name) == [repository])
        #expect(claims.exp == end)
        try await world.skopeo.push(repository, as: world.frida).required()

        let last = try await poll(for: .seconds(10), "the grant's end") {
            let answer = try await world.token("repository:\(repository):pull,push", as: world.frida)
            let claims = try TokenClaims(of: answer.decode(TokenAnswer.self).token)
            return claims.access.isEmpty ? claims : nil
        }
        #expect(Int(Date.now.timeIntervalSince1970) >= end)
        #expect(last.exp > end)
        expectDenied(try await world.skopeo.push(repository, as: world.frida))
    }

    private func expectDenied(_ outcome: Outcome, sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(outcome.status != 0, sourceLocation: sourceLocation)
        let isRefusal = outcome.errors.contains("denied") || outcome.errors.contains("authentication required")
        #expect(isRefusal, "\(outcome)", sourceLocation: sourceLocation)
    }

    /// Asks for a mount of the sample image's layer and returns the registry's status.
    private func mount(from source: String, to target: String, as login: Skopeo.Login) async throws -> Int {
        let world = try await RegistryWorld.shared.value
        let layer = try SampleImage.layer()
        let answer = try await world.token(
            "repository:\(target):pull,push", "repository:\(source):pull", as: login)
        let token = try answer.decode(TokenAnswer.self).token
        let url = "\(world.registry.url)/v2/\(target)/blobs/uploads/?mount=\(layer)&from=\(source)"
        return try await HTTPCall.send("POST", url, as: .bearer(token)).status
    }
}

extension Sequence {
    fileprivate func asyncMap<Result>(_ transform: (Element) async throws -> Result) async rethrows -> [Result] {
        var results: [Result] = []
        for element in self { results.append(try await transform(element)) }
        return results
    }
}
