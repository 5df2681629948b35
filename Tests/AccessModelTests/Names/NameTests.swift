import AccessModel
import Testing

@Suite struct NameTests {
    @Test(
        arguments: [
            "a", "0", "a1", "nerd-dinner", "a.b", "a_b", "a__b", "a-b", "a--b", "a-----b", "a.b_c__d--e", "0.0",
            String(repeating: "a", count: 100),
        ])
    func `an account name follows the grammar of a path component`(text: String) throws {
        #expect(try AccountName(text).rawValue == text)
        #expect(try TeamName(text).rawValue == text)
        #expect(try RepositoryPath("n/\(text)").name == text)
    }

    @Test(
        arguments: [
            "", "A", "Elton", ".a", "a.", "-a", "a-", "_a", "a_", "a..b", "a___b", "a._b", "a_.b", "a-.b", "a.-b",
            "a_-b",
            "a-_b", "a__-b", "a b", " a", "a ", "a\n", "a/b", "a:b", "a+b", "a@b", "é", "ä", "ａ", "a\u{301}", "a\0b",
            "..", "_",
            "%2e", "а",
        ])
    func `what does not follow the grammar is no name`(text: String) {
        #expect(throws: NameError.self) { try AccountName(text) }
        #expect(throws: NameError.self) { try TeamName(text) }
    }

    @Test func `an account name has at most 100 characters`() throws {
        let error = #expect(throws: NameError.self) { try AccountName(String(repeating: "a", count: 101)) }
        #expect(error?.reason.contains("100") == true)
        #expect(throws: NameError.self) { try TeamName(String(repeating: "a", count: 101)) }
    }

    @Test(arguments: ["anonymous", "everyone"])
    func `reserved names are no account names, but may name teams and repositories`(text: String) throws {
        #expect(throws: NameError.self) { try AccountName(text) }
        #expect(try TeamName(text).rawValue == text)
        #expect(try RepositoryPath("acme/\(text)").name == text)
    }

    @Test func `exactly two names are reserved`() {
        #expect(AccountName.reserved == ["anonymous", "everyone"])
    }

    @Test(
        arguments: [
            ("nerd-dinner/web", "nerd-dinner", "web"), ("a/b/c", "a", "b/c"), ("a/b/c/d.e/f__g", "a", "b/c/d.e/f__g"),
        ])
    func `a repository is its namespace and everything behind the first slash`(
        text: String, namespace: String, name: String
    ) throws {
        let path = try RepositoryPath(text)
        #expect(path.namespace.rawValue == namespace)
        #expect(path.name == name)
        #expect(path.description == text)
    }

    @Test(
        arguments: [
            "", "/", "web", "a/", "/b", "a//b", "a/b/", "a/b//c", "A/b", "a/B", "a/b:1", "localhost:5000/a/b", "a/../b",
            "a/.",
            "a/b c", "anonymous/web", "a/-b",
        ])
    func `what is no namespace with a name is no repository`(text: String) {
        #expect(throws: NameError.self) { try RepositoryPath(text) }
    }

    @Test func `a whole repository path has at most 255 characters`() throws {
        let namespace = String(repeating: "n", count: 100)
        let name = String(repeating: "a", count: 154)
        #expect(try RepositoryPath("\(namespace)/\(name)").description.utf8.count == 255)
        #expect(throws: NameError.self) { try RepositoryPath("\(namespace)/\(name)a") }
    }

    @Test func `names are ordered bytewise`() throws {
        let texts = ["a", "a-b", "a.b", "a0", "a_b", "aa", "b"]
        #expect(try texts.shuffled().map { try AccountName($0) }.sorted().map(\.rawValue) == texts)
    }

    @Test(
        arguments: [
            ("anonymous", Principal.anonymous, "anonymous"), ("elton", .user(AccountName(trusted: "elton")), "user"),
            (
                "acme+ci", .serviceAccount(owner: AccountName(trusted: "acme"), name: TeamName(trusted: "ci")),
                "service-account"
            ),
        ])
    func `a principal is written as it is read`(text: String, principal: Principal, kind: String) throws {
        #expect(try Principal(text) == principal)
        #expect(principal.description == text)
        #expect(principal.kind == kind)
    }

    @Test(arguments: ["", "+", "acme+", "+ci", "a+b+c", "Acme+ci", "everyone", "anonymous+ci", "a/b"])
    func `what names nobody is no principal`(text: String) {
        #expect(throws: NameError.self) { try Principal(text) }
    }

    @Test func `an error says what was wrong, with the start of it`() throws {
        let error = #expect(throws: NameError.self) { try AccountName(String(repeating: "Y", count: 5_000)) }
        #expect(error?.value.count == 120)
        #expect(error?.description.hasPrefix("\"YYY") == true)
    }
}
