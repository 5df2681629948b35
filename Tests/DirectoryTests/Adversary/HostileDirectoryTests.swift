import AccessControl
import AccessModel
import LDAPClient
import LDAPDirectory
import ReferenceModel
import TestSupport
import Testing

/// Directories that answer without end, or with numbers that no directory has. Whatever they say, the operation
/// ends within its limits, and the process goes on.
@Suite(.timeLimit(.minutes(5)))
struct HostileDirectoryTests {
    private let worker = LDAPWorker()

    private func search(
        _ search: LDAPSearch, on directory: HostileDirectory
    ) async throws -> (entries: Int, error: LDAPError?) {
        let endpoint = LDAPEndpoint(url: try #require(LDAPURL(directory.url)), security: .none, timeout: 20)
        return try await worker.run { _ throws(LDAPError) in
            var connection = try LDAPConnection.connect(to: endpoint)
            var summary = LDAPSearchSummary()
            do throws(LDAPError) {
                try connection.search(search, summary: &summary) { _ in }
            } catch {
                return (summary.entries, error)
            }
            return (summary.entries, nil)
        }
    }

    private static func person(_ id: Int, _ number: Int) -> [UInt8] {
        HostileDirectory.entry(id, "cn=\(number),dc=example,dc=com", [("cn", ["\(number)"])])
    }

    private static func request(_ limits: LDAPLimits, pageSize: Int? = nil) -> LDAPSearch {
        LDAPSearch(base: "dc=example,dc=com", attributes: ["cn"], pageSize: pageSize, limits: limits)
    }

    private static func counting(_ make: @escaping (Int) -> [UInt8]?) -> () -> [UInt8]? {
        var number = 0
        return {
            number += 1
            return make(number)
        }
    }

    @Test func `entries without end are given up at the limit of the operation`() async throws {
        let directory = try HostileDirectory { id in Self.counting { Self.person(id, $0) } }
        defer { directory.stop() }
        let found = try await search(
            Self.request(LDAPLimits(entries: 2_000, bytes: 1 << 30, seconds: 60)), on: directory)
        #expect(found.error?.code == .sizeLimitExceeded)
        #expect(directory.bytesSent < 64 << 20, "the client stopped listening")
    }

    @Test func `one entry that is larger than an answer may be is given up`() async throws {
        let value = String(repeating: "x", count: 1 << 20)
        let directory = try HostileDirectory { id in
            HostileDirectory.all([
                HostileDirectory.entry(id, "cn=1", [("cn", Array(repeating: value, count: 64))]),
                HostileDirectory.done(id),
            ])
        }
        defer { directory.stop() }
        let found = try await search(Self.request(LDAPLimits(entries: 10, bytes: 1 << 20, seconds: 60)), on: directory)
        #expect(found.error?.code == .timeout, "\(String(describing: found.error))")
        #expect(found.entries == 0)
    }

    @Test func `an answer that goes on for longer than the operation may take is given up`() async throws {
        let directory = try HostileDirectory { id in
            Self.counting { number in
                // As a server that is always about to be done.
                var moment = ContinuousClock.now + .milliseconds(20)
                while ContinuousClock.now < moment { moment = min(moment, .now + .milliseconds(20)) }
                return Self.person(id, number)
            }
        }
        defer { directory.stop() }
        let begin = ContinuousClock.now
        let found = try await search(
            Self.request(LDAPLimits(entries: 1_000_000, bytes: 1 << 30, seconds: 1)), on: directory)
        #expect(found.error?.code == .timeout)
        #expect(ContinuousClock.now - begin < .seconds(15))
    }

    @Test func `empty pages without end are given up`() async throws {
        let cookies = [Array("a".utf8), Array("b".utf8)]
        let directory = try HostileDirectory { id in
            HostileDirectory.all([
                HostileDirectory.done(
                    id, control: ("1.2.840.113556.1.4.319", HostileDirectory.page(0, cookies[id % 2])))
            ])
        }
        defer { directory.stop() }
        let found = try await search(
            Self.request(LDAPLimits(entries: 1_000, bytes: 1 << 20, seconds: 60), pageSize: 10), on: directory)
        #expect(found.error?.code == .decodingError)
    }

    @Test(
        arguments: [
            "member;range=0-9223372036854775807", "member;range=9223372036854775807-*",
            "member;range=0-18446744073709551616",
            "member;range=-5-3", "member;range=5-3", "member;range=0-0", "member;range=", "member;range=*-*",
        ])
    func `a range that no directory has leaves the group incomplete or as it is`(attribute: String) async throws {
        let directory = try HostileDirectory { id in
            HostileDirectory.all([
                HostileDirectory.entry(
                    id, "cn=ops,dc=example,dc=com",
                    [
                        ("objectClass", ["group"]), ("objectGUID", ["0123456789abcdef"]), ("cn", ["ops"]),
                        (attribute, ["cn=1,dc=example,dc=com"]),
                    ]), HostileDirectory.done(id),
            ])
        }
        defer { directory.stop() }
        _ = try? await LDAPDirectorySource { $0 }.read(
            Self.settings(directory), password: nil, since: nil, progress: { _ in })
    }

    private static func settings(
        _ directory: HostileDirectory, preset: DirectorySettings.Preset = .activeDirectory
    ) -> DirectorySettings {
        DirectorySettings(
            preset: preset, urls: [directory.url], tls: .init(mode: .none, allowCleartext: true), bind: nil,
            users: .init(base: "dc=example,dc=com", filter: "(objectClass=person)"),
            groups: .init(base: "dc=example,dc=com", filter: "(objectClass=group)"),
            attributes: .init(login: "sAMAccountName", fullName: "cn", email: "mail", member: "member"), rules: [],
            timeout: 5)
    }

    @Test
    func `what somebody may write of themselves stops nobody's reading, and a text that takes long to compare is none`()
        async throws
    {
        let directory = try HostileDirectory { id in
            HostileDirectory.all([
                HostileDirectory.entry(
                    id, "cn=1,dc=example,dc=com",
                    [
                        ("objectGUID", ["0123456789abcdef"]), ("sAMAccountName", ["one"]),
                        ("cn", [String(repeating: "\u{301}", count: 31)]),
                        ("objectClass", ["user"]), ("userAccountControl", ["512"]), ("primaryGroupID", ["513"]),
                        ("objectSid", ["\u{1}\u{1}\0\0\0\0\0\u{5}\u{15}\0\0\0"]),
                    ]), HostileDirectory.done(id),
            ])
        }
        defer { directory.stop() }
        let reading = try await LDAPDirectorySource { $0 }.read(
            Self.settings(directory), password: nil, since: nil, progress: { _ in })
        #expect(reading.snapshot.usersReading.isComplete, "\(reading.snapshot.usersReading)")
        #expect(reading.snapshot.users.map(\.fullName) == [""])
    }

    @Test(arguments: ["accountExpires", "objectSid", "primaryGroupID"])
    func `a text that no person writes and that takes long to compare makes the reading incomplete`(
        _ attribute: String
    ) async throws {
        let directory = try HostileDirectory { id in
            HostileDirectory.all([
                HostileDirectory.entry(
                    id, "cn=1,dc=example,dc=com",
                    [
                        ("objectGUID", ["0123456789abcdef"]), ("objectClass", ["user"]), ("sAMAccountName", ["one"]),
                        (attribute, [String(repeating: "\u{301}", count: 31)]),
                    ]), HostileDirectory.done(id),
            ])
        }
        defer { directory.stop() }
        let reading = try await LDAPDirectorySource { $0 }.read(
            Self.settings(directory), password: nil, since: nil, progress: { _ in })
        #expect(reading.snapshot.usersReading.reason?.contains("combining marks") ?? false)
        #expect(reading.snapshot.users.isEmpty)
    }

    @Test func `an update number at the end of all numbers is none`() async throws {
        let directory = try HostileDirectory { id in
            HostileDirectory.all([
                HostileDirectory.entry(
                    id, "",
                    [
                        ("namingContexts", ["dc=example,dc=com"]), ("dsServiceName", ["cn=server"]),
                        ("highestCommittedUSN", ["9223372036854775807"]), ("invocationId", ["0123456789abcdef"]),
                    ]), HostileDirectory.done(id),
            ])
        }
        defer { directory.stop() }
        let source = LDAPDirectorySource { $0 }
        for _ in 1...2 {
            let reading = try await source.read(
                Self.settings(directory), password: nil, since: nil, progress: { _ in })
            #expect(reading.mirror == nil, "there is nothing that the next reading could go on from")
        }
    }

    @Test(arguments: UInt64(1)...8)
    func `messages with bytes changed never end the process`(seed: UInt64) async throws {
        // What a directory sends in all its kinds of answers.
        let messages: [@Sendable (Int) -> [UInt8]] = [
            { id in
                HostileDirectory.entry(
                    id, "cn=ops,dc=example,dc=com",
                    [
                        ("objectClass", ["group"]), ("objectGUID", ["0123456789abcdef"]), ("sAMAccountName", ["ops"]),
                        ("member;range=0-1", ["cn=1,dc=example,dc=com", "cn=2"]), ("uSNChanged", ["12345"]),
                        ("userAccountControl", ["512"]), ("accountExpires", ["9223372036854775807"]),
                        ("highestCommittedUSN", ["4711"]), ("namingContexts", ["dc=example,dc=com"]),
                        ("dsServiceName", ["cn=server"]), ("invocationId", ["0123456789abcdef"]),
                        ("entryUUID", ["597ae2f6-16a6-1027-98f4-d28b5365dc14"]),
                        ("contextCSN", ["20260301120000.0Z#0#0#0"]),
                        ("modifyTimestamp", ["20260301120000Z"]), ("shadowExpire", ["20000"]),
                        ("pwdAccountLockedTime", ["000001010000Z"]),
                    ])
            },
            { id in
                HostileDirectory.done(id, control: ("1.2.840.113556.1.4.319", HostileDirectory.page(100, [1, 2, 3])))
            },
            { id in HostileDirectory.done(id, control: ("1.2.840.113556.1.4.841", HostileDirectory.page(1, [9]))) },
            { id in HostileDirectory.done(id, control: ("1.3.6.1.4.1.4203.1.9.1.3", HostileDirectory.page(1, [9]))) },
        ]
        var random = SplitMix64(seed: seed)
        let preset: DirectorySettings.Preset = seed % 2 == 0 ? .activeDirectory : .openLDAP
        for _ in 1...60 {
            let seeds = random.next()
            let directory = try HostileDirectory { id in
                var random = SplitMix64(seed: seeds &+ UInt64(id))
                var sent: [[UInt8]] = []
                for _ in 0...random.below(3) {
                    var message = messages[random.below(messages.count)](id)
                    for _ in 0..<random.below(4) {
                        let place = random.below(message.count)
                        switch random.below(4) {
                        case 0: message[place] = UInt8(random.below(256))
                        case 1: message[place] = [0x00, 0x7F, 0x80, 0x84, 0xFF][random.below(5)]
                        case 2: message.insert(UInt8(random.below(256)), at: place)
                        default: if message.count > 2 { message.remove(at: place) }
                        }
                    }
                    sent.append(message)
                }
                if random.below(3) > 0 { sent.append(HostileDirectory.done(id)) }
                return HostileDirectory.all(sent)
            }
            defer { directory.stop() }
            var settings = Self.settings(directory, preset: preset)
            settings.timeout = 1
            let source = LDAPDirectorySource { $0 }
            guard let reading = try? await source.read(settings, password: nil, since: nil, progress: { _ in }),
                let mirror = reading.mirror
            else { continue }
            _ = try? await source.read(settings, password: nil, since: mirror, progress: { _ in })
        }
    }
}
