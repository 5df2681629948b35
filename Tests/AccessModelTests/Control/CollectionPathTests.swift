import Testing

@testable import AccessModel

@Suite struct CollectionPathTests {
    @Test(arguments: ["/", "/prod", "/prod/web", "/Shared/Private/elton", "/a.b_c-d/9", "/prod/nerd__dinner"])
    func `a path is written as it is read`(_ text: String) throws {
        #expect(try CollectionPath(text).description == text)
    }

    @Test(arguments: [
        "", "prod", "/prod/", "//", "/prod//web", "/.", "/..", "/prod/../web", "/-a", "/a-", "/a b", "/\u{E9}",
        "/a%2Fb",
        "/" + String(repeating: "a", count: 101), String(repeating: "/a", count: 17),
        "/" + Array(repeating: String(repeating: "a", count: 90), count: 6).joined(separator: "/"),
    ])
    func `what is no path is refused`(_ text: String) {
        #expect(throws: NameError.self) { try CollectionPath(text) }
    }

    @Test func `what is below something comes right behind it`() throws {
        let sorted = ["/", "/a", "/a/b", "/a/b/c", "/a/c", "/a.b", "/ab", "/b"]
        #expect(try sorted.map { try CollectionPath($0) }.shuffled().sorted().map(\.description) == sorted)
        let web = try CollectionPath("/prod/web")
        #expect(
            try web.parent == CollectionPath("/prod") && web.parent?.parent == .root
                && CollectionPath.root.parent == nil)
        #expect(try CollectionPath.root.appending(CollectionName("prod")).appending(CollectionName("web")) == web)
        #expect(CollectionPath.privates.description == "/Shared/Private")
    }
}
