import Dispatch
import Testing

@testable import Credentials

/// The least argon2id can cost: these tests are about what the hasher does, not how long it takes.
private func makeHasher(threads: Int = 2, waiting: Int = 64) throws -> Argon2idHasher {
    try Argon2idHasher(passes: 1, memory: 8192, threads: threads, waiting: waiting)
}

@Suite struct PasswordHasherTests {
    @Test(arguments: ["correct horse", "", "pässwörd \u{1F40E}", "  spaces  "])
    func `a password matches its own hash`(password: String) async throws {
        let hasher = try makeHasher()
        let hash = try await hasher.hash(password, for: "client")
        #expect(try await hasher.verify(password, against: hash, for: "client"))
    }

    @Test(arguments: ["correct horsf", "correct hors", "correct horse ", "Correct horse", "", "correct horse\u{0}"])
    func `another password does not match`(other: String) async throws {
        let hasher = try makeHasher()
        let hash = try await hasher.hash("correct horse", for: "client")
        #expect(try await hasher.verify(other, against: hash, for: "client") == false)
    }

    @Test func `a password may be long, and its end counts`() async throws {
        let hasher = try makeHasher()
        let password = String(repeating: "long", count: 5000)
        let hash = try await hasher.hash(password, for: "client")
        #expect(try await hasher.verify(password, against: hash, for: "client"))
        #expect(try await hasher.verify(password + "!", against: hash, for: "client") == false)
    }

    @Test func `what comes after a zero byte counts`() async throws {
        let hasher = try makeHasher()
        let hash = try await hasher.hash("same\u{0}one", for: "client")
        #expect(try await hasher.verify("same\u{0}one", against: hash, for: "client"))
        #expect(try await hasher.verify("same\u{0}two", against: hash, for: "client") == false)
    }

    @Test func `a hash names its algorithm, its costs and a salt of its own`() async throws {
        let hasher = try makeHasher()
        let one = try await hasher.hash("correct horse", for: "client")
        let other = try await hasher.hash("correct horse", for: "client")
        #expect(one.hasPrefix("$argon2id$v=19$m=8,t=1,p=1$"))
        #expect(one.split(separator: "$").count == 5)
        #expect(one != other)
    }

    @Test func `the default costs are 19 MiB and two passes`() async throws {
        let hash = try await Argon2idHasher().hash("correct horse", for: "client")
        #expect(hash.hasPrefix("$argon2id$v=19$m=19456,t=2,p=1$"))
    }

    @Test func `a hash made elsewhere with other costs matches`() async throws {
        // From the tests of argon2's reference implementation.
        let hash = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"
        let hasher = try makeHasher()
        #expect(try await hasher.verify("password", against: hash, for: "client"))
        #expect(try await hasher.verify("Password", against: hash, for: "client") == false)
    }

    @Test(arguments: [
        "", "correct horse", "$argon2id$", "$argon2id$v=19$m=8,t=1,p=1$!$!", "$2b$12$abcdefghijklmnopqrstuu",
        "$argon2i$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
    ])
    func `a hash of another kind is an error, not a wrong password`(hash: String) async throws {
        let hasher = try makeHasher()
        await #expect(throws: PasswordHasherError.unreadableHash) {
            try await hasher.verify("correct horse", against: hash, for: "client")
        }
    }

    @Test(arguments: [(0, 8192), (1, 8191), (1, -1), (-1, 8192)])
    func `costs that argon2id does not take are refused at the start`(passes: Int, memory: Int) {
        #expect(throws: PasswordHasherError.unusableCost(passes: passes, bytes: memory)) {
            try Argon2idHasher(passes: passes, memory: memory)
        }
    }

    @Test func `verifying nothing is accepted for every password`() async throws {
        let hasher = try makeHasher()
        try await hasher.verifyNothing("", for: "client")
        try await hasher.verifyNothing("correct horse", for: "client")
    }

    @Test func `as many calls as may wait are all answered`() async throws {
        let hasher = try makeHasher(threads: 1, waiting: 9)
        let hash = try await hasher.hash("correct horse", for: "client")
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for _ in 0..<10 { group.addTask { try await hasher.verify("correct horse", against: hash, for: "client") } }
            for try await matches in group { #expect(matches) }
        }
    }

    @Test func `one call more than may wait is refused, and the next ones are not`() async throws {
        let hasher = try makeHasher(threads: 1, waiting: 0)
        let (started, isStarted) = AsyncStream.makeStream(of: Void.self)
        let mayEnd = DispatchSemaphore(value: 0)
        async let blocker: Void = hasher.run(for: "client") {
            isStarted.finish()
            mayEnd.wait()
        }
        for await _ in started {}
        await #expect(throws: PasswordHasherError.overloaded(limit: 1)) {
            try await hasher.hash("correct horse", for: "client")
        }
        mayEnd.signal()
        try await blocker
        _ = try await hasher.hash("correct horse", for: "client")
    }

    @Test func `after the end nothing is hashed any more`() async throws {
        let hasher = try makeHasher()
        try await hasher.shutdown()
        await #expect(throws: PasswordHasherError.shutDown) { try await hasher.hash("correct horse", for: "client") }
        try await hasher.shutdown()
    }
}
