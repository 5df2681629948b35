import Foundation
import Testing

@testable import portreeve

@Suite struct NotationTests {
    @Test(arguments: [
        ("elton", "user", "elton"), ("user:elton", "user", "elton"), ("nd+ci", "service-account", "nd+ci"),
        ("service-account:nd+ci", "service-account", "nd+ci"), ("anonymous", "anonymous", "anonymous"),
    ])
    func `a subject of a question is recognised`(text: String, type: String, id: String) {
        #expect(SubjectNotation.principal(text) == (type, id))
    }

    @Test(arguments: [
        ("team:nd/ops", "a/", "what is a's can be granted to teams and service accounts of a, not of nd"),
        ("user:x", "a/", "a user can be granted single repositories, not a whole namespace: use a team"),
        (
            "x:ops", "a/b",
            "\"x:ops\" is no subject of a grant: write team:ORG/TEAM, user:NAME or service-account:OWNER+NAME"
        ),
        (
            "user:", "a/b",
            "\"user:\" is no subject of a grant: write team:ORG/TEAM, user:NAME or service-account:OWNER+NAME"
        ),
        (
            "nd/ops", "a",
            "\"a\" is no target of a grant: write NAMESPACE/REPOSITORY, or NAMESPACE/ for all of a namespace"
        ),
    ])
    func `a grant that cannot be is refused before it is sent`(subject: String, target: String, reason: String) {
        let failure = #expect(throws: CommandFailure.self) {
            try GrantPath.one(GrantSubject(subject), GrantTarget(target))
        }
        #expect(failure?.description == reason)
        #expect(failure?.status == .input)
    }

    @Test(arguments: [
        ("team:nd/ops", "nd/web/api", "/v1/repositories/nd/web%2Fapi/grants/teams/ops"),
        ("nd/ops", "nd/", "/v1/namespaces/nd/grants/teams/ops"),
        ("user:elton", "nd/web", "/v1/repositories/nd/web/grants/users/elton"),
        ("nd+ci", "nd/", "/v1/namespaces/nd/grants/service-accounts/ci"),
        ("service-account:nd+ci", "nd/web", "/v1/repositories/nd/web/grants/service-accounts/ci"),
        ("team:id:6c5f", "nd/web", "/v1/repositories/nd/web/grants/teams/id%3A6c5f"),
        ("nd/ops", "id:6c5f", "/v1/repositories/-/id%3A6c5f/grants/teams/ops"),
        ("user:id:6c5f", "id:6c5g", "/v1/repositories/-/id%3A6c5g/grants/users/id%3A6c5f"),
        ("service-account:id:6c5f", "id:6c5g/", "/v1/namespaces/id%3A6c5g/grants/service-accounts/id%3A6c5f"),
    ])
    func `a grant has its place below its target`(subject: String, target: String, path: String) throws {
        #expect(try GrantPath.one(GrantSubject(subject), GrantTarget(target)) == path)
    }

    @Test(arguments: [
        ("14d", "2026-03-15T12:00:00Z"), ("12h", "2026-03-02T00:00:00Z"), ("2w", "2026-03-15T12:00:00Z"),
        ("90m", "2026-03-01T13:30:00Z"), ("2026-12-31", "2027-01-01T00:00:00Z"), ("2024-02-29", "2024-03-01T00:00:00Z"),
        ("2027-01-01T00:00:00Z", "2027-01-01T00:00:00Z"), ("tomorrow", "tomorrow"), ("0d", "0d"), ("-1d", "-1d"),
        ("2026-13-01", "2026-13-01"),
    ])
    func `an end is a time, with all of a day`(text: String, end: String) throws {
        let now = try Date("2026-03-01T12:00:00Z", strategy: .iso8601)
        #expect(Ending.text(text, at: now) == end)
        #expect(try Ending.json("never", at: now) == .null)
        #expect(throws: CommandFailure.self) { try Ending.json("14", at: now) }
    }

    @Test func `paths are percent-encoded and absent parameters left out`() {
        let path = APIPath.make("v1", "a b/ü?", query: [("x", "1&2"), ("y", nil)])
        #expect(path == "/v1/a%20b%2F%C3%BC%3F?x=1%262")
    }

    @Test(
        arguments: [
            ("<https://other.example/v1/users?cursor=a>; rel=\"next\"", "", "/v1/users?cursor=a"),
            ("</base/v1/users?cursor=a>; rel=next", "/base", "/v1/users?cursor=a"),
            ("</v1/a>; rel=\"prev\", </v1/b>; rel=\"next\"", "", "/v1/b"), ("</v1/a>; rel=\"prev\"", "", nil),
            ("rel=next", "", nil), (nil, "", nil),
        ] as [(String?, String, String?)])
    func `the next page is asked of the same service`(header: String?, basePath: String, next: String?) {
        #expect(LinkHeader.next(header, basePath: basePath) == next)
    }

    @Test(arguments: [
        ("https://portreeve.example.com/", "https://portreeve.example.com", "", false),
        ("HTTP://127.0.0.1:8080/base/", "http://127.0.0.1:8080", "/base", false),
        ("http://portreeve.example.com", "http://portreeve.example.com", "", true),
    ])
    func `a service's address is read`(text: String, origin: String, basePath: String, isReadable: Bool) throws {
        let address = try ServerAddress(text)
        #expect((address.origin, address.basePath, address.isReadableOnTheWay) == (origin, basePath, isReadable))
    }

    @Test(arguments: ["", "portreeve", "ftp://x", "https://", "https://a?b", "https://user:secret@host"])
    func `what is no address of a service is refused`(text: String) {
        #expect(throws: CommandFailure.self) { try ServerAddress(text) }
    }
}
