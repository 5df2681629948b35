import AccessControl
import TestSupport
import Testing

/// Guesses of passwords and tokens, many at once and from many places.
@Suite struct GuessingTests {
    private static func run(_ body: (TestService) async throws -> Void) async throws {
        try await TestService.run([.user("root", admin: true), .user("ann")]) { service async throws in
            try await service.setPassword(of: "ann", to: "a long password")
            try await body(service)
        }
    }

    private static func statuses(
        _ service: TestService, _ credentials: [Credential], from address: @Sendable @escaping (Int) -> String
    ) async throws -> [Int: Int] {
        try await withThrowingTaskGroup { group in
            for (number, credential) in credentials.enumerated() {
                group.addTask {
                    try await service.send("GET", "/v1/users/me", as: credential, from: address(number)).status
                }
            }
            return try await group.reduce(into: [:]) { $0[$1, default: 0] += 1 }
        }
    }

    @Test func `guesses at once are as many as guesses one after the other`() async throws {
        try await Self.run { service async throws in
            let guesses = (0..<120).map { Credential.basic(login: "ann", secret: "guess \($0)") }
            #expect(try await Self.statuses(service, guesses) { _ in "192.0.2.1" } == [401: 20, 429: 100])
            // The network of an IPv6 address is one place, too.
            #expect(
                try await Self.statuses(service, guesses) { "2001:db8:0:1::\(String($0, radix: 16))" }
                    == [401: 20, 429: 100])
            #expect(
                try await service.send("GET", "/v1/users/me", as: guesses[0], from: "2001:db8:0:2::1").status == 401)
        }
    }

    @Test func `guesses at many logins at once are 200 a minute`() async throws {
        try await Self.run { service async throws in
            let guesses = (0..<230).map { Credential.basic(login: "nobody-\($0)", secret: "a long password") }
            #expect(try await Self.statuses(service, guesses) { _ in "192.0.2.1" } == [401: 200, 429: 30])
        }
    }

    @Test func `one right password sent by many at once is hashed once, and counts as no guess`() async throws {
        try await Self.run { service async throws in
            let right = Array(repeating: Credential.basic(login: "ann", secret: "a long password"), count: 100)
            #expect(try await Self.statuses(service, right) { _ in "192.0.2.1" } == [200: 100])
            let wrong = (0..<19).map { Credential.basic(login: "ann", secret: "guess \($0)") }
            #expect(try await Self.statuses(service, wrong) { _ in "192.0.2.1" } == [401: 19])
        }
    }

    @Test func `wrong tokens and refused attempts do not close the door of passwords`() async throws {
        try await Self.run { service async throws in
            let tokens = (0..<300).flatMap { number -> [Credential] in
                [.bearer("prt_wrong\(number)"), .basic(login: "ann", secret: "prt_wrong\(number)")]
            }
            #expect(try await Self.statuses(service, tokens) { _ in "192.0.2.1" } == [401: 20, 429: 580])
            let guesses = (0..<400).map { Credential.basic(login: "bob", secret: "guess \($0)") }
            #expect(try await Self.statuses(service, guesses) { _ in "192.0.2.1" } == [401: 20, 429: 380])
            let right = Credential.basic(login: "ann", secret: "a long password")
            #expect(try await service.send("GET", "/v1/users/me", as: right, from: "192.0.2.1").status == 200)
            // Nor does a token that is right wait for anything.
            let token = try await service.newToken(for: "ann")
            #expect(try await service.send("GET", "/v1/users/me", as: .bearer(token), from: "192.0.2.1").status == 200)
        }
    }

    @Test func `a right password gets in while guesses from many addresses wait for hashing`() async throws {
        try await Self.run { service async throws in
            let right = Credential.basic(login: "ann", secret: "a long password")
            try await withThrowingTaskGroup(of: Int.self) { group in
                for number in 0..<600 {
                    group.addTask {
                        let guess = Credential.basic(login: "x\(number)", secret: "guess")
                        let address = "203.0.113.\(number % 40)"
                        return try await service.send("GET", "/v1/users/me", as: guess, from: address).status
                    }
                }
                // As many wait as may: somebody is told to come again.
                while let status = try await group.next(), status != 429 {}
                let answer = try await service.send("GET", "/v1/users/me", as: right, from: "198.51.100.1")
                #expect(answer.status == 200)
                var left = 0
                for try await _ in group { left += 1 }
                #expect(left > 100, "the others still waited")
            }
        }
    }
}
