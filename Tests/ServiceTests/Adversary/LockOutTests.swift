import AccessControl
import AccessModel
import TestSupport
import Testing

/// A stranger who guesses passwords of a directory's people neither gets them locked out there nor shut out here.
@Suite struct LockOutTests {
    private static let home = "198.51.100.7"
    private static let office = "198.51.100.8"

    private struct Victim {
        let world: DirectoryWorld
        private let before: Int
        /// Passwords that reached the directory since.
        var asked: Int { world.windows.count(.bind) - before }

        init(_ world: DirectoryWorld) {
            self.world = world
            before = world.windows.count(.bind)
        }

        func status(_ password: String, from address: String) async throws -> Int {
            try await login(password, from: address).status
        }

        func login(_ password: String, from address: String) async throws -> TestAnswer {
            try await world.service.send(
                "GET", "/v1/users/me", as: .basic(login: "ada", secret: password), from: address)
        }

        /// What strangers try: each another password from another network.
        func attack(_ count: Int) async throws -> [Int] {
            var statuses: [Int] = []
            for number in 0..<count {
                statuses.append(try await status("guess \(number)", from: "203.0.113.\(number + 1)"))
            }
            return statuses
        }
    }

    private static func run(
        _ change: @Sendable @escaping (inout [String: JSONValue]) -> Void = { _ in },
        _ body: (Victim) async throws -> Void
    ) async throws {
        try await DirectoryWorld.run({
            $0["login_memory"] = 0
            change(&$0)
        }) { world async throws in
            try world.addPeople(["ada", "bob"])
            _ = try await world.sync()
            try await body(Victim(world))
        }
    }

    @Test func `who never logged in before gets in from an address that did not guess, until the third guess`()
        async throws
    {
        try await Self.run { victim async throws in
            #expect(try await victim.attack(2) == [401, 401])
            #expect(try await victim.status("ada's password", from: Self.home) == 200)
        }
        try await Self.run { victim async throws in
            #expect(try await victim.attack(40) == [401, 401, 401] + Array(repeating: 429, count: 37))
            #expect(victim.asked == 3)
        }
    }

    @Test func `a flood of guesses lets the victim in, and the directory sees five at the most`() async throws {
        try await Self.run { victim async throws in
            #expect(try await victim.status("ada's password", from: Self.home) == 200)
            #expect(try await victim.status("ada's password", from: Self.office) == 200)
            let start = Victim(victim.world)
            #expect(try await start.attack(60).prefix(4) == [401, 401, 401, 429])
            // A slip at home, another one at the office: one place is left for the password that was right last.
            #expect(try await start.status("slip", from: Self.home) == 401)
            #expect(try await start.status("another slip", from: Self.office) == 429)
            #expect(start.asked == 4)
            // Changed in the directory, and an old client still sends the old one: it is the fifth.
            victim.world.windows.setPassword("a new one", of: "CN=ada,\(WindowsDirectory.users)")
            #expect(try await start.status("ada's password", from: Self.office) == 401)
            #expect(start.asked == 5)
            for password in ["ada's password", "slip", "guess 0"] {
                #expect(try await start.status(password, from: Self.office) == 401, "known to be wrong")
            }
            let waits = try await start.login("a new one", from: Self.home)
            expectProblem(waits, 429, code: "too-many-attempts")
            #expect(start.asked == 5)
            victim.world.service.clock.advance(by: .seconds(1_801))
            #expect(try await start.status("a new one", from: Self.home) == 200)
        }
    }

    @Test func `the password that was right last gets in from anywhere, whatever strangers try`() async throws {
        try await Self.run { victim async throws in
            #expect(try await victim.status("ada's password", from: Self.home) == 200)
            let start = Victim(victim.world)
            _ = try await start.attack(10)
            for address in [Self.home, Self.office, "203.0.113.1", "2001:db8::1"] {
                #expect(try await start.status("ada's password", from: address) == 200, "\(address)")
                _ = try await start.attack(5)
            }
        }
    }

    @Test func `a restart neither lets more guesses through nor shuts the victim out`() async throws {
        try await Self.run { victim async throws in
            let service = victim.world.service
            #expect(try await victim.status("ada's password", from: Self.home) == 200)
            let start = Victim(victim.world)
            _ = try await start.attack(10)
            #expect(start.asked == 3)
            try await service.service.authentication.keepDirectoryLogins()
            try await service.restarted { service async throws in
                let world = DirectoryWorld(
                    service: service, windows: victim.world.windows, proxy: victim.world.proxy)
                let later = Victim(world)
                #expect(try await later.attack(10) == Array(repeating: 429, count: 10))
                #expect(try await later.status("ada's passwordx", from: Self.office) == 429)
                #expect(later.asked == 0)
                #expect(try await later.status("slip", from: Self.home) == 401, "a known address has its share")
                #expect(try await later.status("ada's password", from: Self.office) == 200)
            }
        }
    }

    @Test(arguments: [false, true])
    func `guesses that the directory is spared are counted, and a right one is no way past that`(
        _ isRestarted: Bool
    ) async throws {
        try await Self.run { victim async throws in
            #expect(try await victim.status("ada's password", from: Self.home) == 200)
            _ = try await victim.attack(3)
            try await victim.world.service.service.authentication.keepDirectoryLogins()
            func guess(_ victim: Victim) async throws {
                for number in 0..<30 {
                    #expect([401, 429].contains(try await victim.status("word \(number)", from: "203.0.113.200")))
                }
                let answer = try await victim.login("ada's password", from: "203.0.113.200")
                expectProblem(answer, 429, code: "too-many-attempts")
                #expect(Int(answer["Retry-After"] ?? "") ?? 0 <= 60, "this address waits, and nobody else")
                #expect(try await victim.status("ada's password", from: Self.home) == 200)
            }
            guard isRestarted else { return try await guess(victim) }
            try await victim.world.service.restarted { service async throws in
                try await guess(
                    Victim(
                        DirectoryWorld(service: service, windows: victim.world.windows, proxy: victim.world.proxy)))
            }
        }
    }

    @Test func `a password that the directory has and does not answer about counts`() async throws {
        try await Self.run { victim async throws in
            victim.world.proxy.action = .silence
            victim.world.proxy.message = 1
            for number in 1...2 {
                #expect(try await victim.status("guess \(number)", from: Self.home) == 503)
                victim.world.service.clock.advance(by: .seconds(11))
            }
            victim.world.proxy.message = nil
            #expect(try await victim.status("ada's password", from: Self.home) == 429)
            #expect(try await victim.status("ada's password", from: Self.office) == 200)
        }
    }

    @Test func `an IPv6 network is one address`() async throws {
        try await Self.run { victim async throws in
            for (number, status) in [(1, 401), (2, 401), (3, 429)] {
                #expect(try await victim.status("guess \(number)", from: "2001:db8:0:1::\(number)") == status)
            }
            #expect(try await victim.status("guess 4", from: "2001:db8:0:2::1") == 401)
        }
    }

    @Test(arguments: [3, 5, 8])
    func `the directory's settings say how many`(_ limit: Int) async throws {
        try await Self.run({ $0["login_attempts"] = .integer(Int64(limit)) }) { victim async throws in
            _ = try await victim.attack(20)
            #expect(victim.asked == limit - 2)
        }
    }

    @Test(arguments: ["525", "530", "531", "532", "533", "534", "569", "701", "773", "775", "80090346"])
    func `who is refused for another reason is asked again after seconds, and counts for nothing`(
        _ code: String
    ) async throws {
        try await Self.run { victim async throws in
            let (windows, clock) = (victim.world.windows, victim.world.service.clock)
            let dn = "CN=ada,\(WindowsDirectory.users)"
            windows.refuse(dn, with: code)
            for _ in 0..<8 {
                for _ in 0..<2 { #expect(try await victim.status("ada's password", from: Self.home) == 401) }
                clock.advance(by: .seconds(11))
            }
            #expect(victim.asked == 8)
            windows.refuse(dn, with: nil)
            #expect(try await victim.status("ada's password", from: Self.home) == 200)
        }
    }

    @Test func `the answers tell nobody that a guess was right for somebody who may not log in`() async throws {
        func answers(_ first: String) async throws -> [Int] {
            var answers: [Int] = []
            try await Self.run { victim async throws in
                victim.world.windows.refuse("CN=ada,\(WindowsDirectory.users)", with: "773")
                let guesses = [first, "x1", "x2", "x3", first, "x4", "x5", first]
                for (place, guess) in guesses.enumerated() {
                    answers.append(try await victim.status(guess, from: "203.0.113.\(place / 4)"))
                    victim.world.service.clock.advance(by: .seconds(place == 4 ? 11 : 1))
                }
            }
            return answers
        }
        #expect(try await answers("ada's password") == answers("wrong"))
    }

    @Test func `what is known of logins goes with the account`() async throws {
        try await Self.run { victim async throws in
            let service = victim.world.service
            #expect(try await victim.status("ada's password", from: Self.home) == 200)
            _ = try await victim.attack(3)
            try await service.service.authentication.keepDirectoryLogins()
            let person = try await service.person("ada")
            #expect(try await service.logins(of: person)?.attempts.count == 3)
            #expect(try await service.logins(of: person)?.networks == [Self.home])
            #expect(try await service.logins(of: person)?.sealedHash?.isEmpty == false)
            #expect(try await service.delete("/v1/users/ada/directory", as: "root").status == 200)
            #expect(try await service.logins(of: person) == nil)
        }
    }
}

extension TestService {
    fileprivate func person(_ name: String) async throws -> String {
        try await service.transactions.store.read { (reader) throws(AccessError) in
            try reader.account(named: AccountName(trusted: name))?.value.directory?.person ?? ""
        }
    }

    fileprivate func logins(of person: String) async throws -> KnownDirectoryLogins? {
        try await service.transactions.store.read { (reader) throws(AccessError) in
            try reader.directoryLogins(of: person)
        }
    }
}
