import Foundation
import Testing

@testable import Credentials

@Suite struct KeyFileSecretBoxTests {
    private let temporary: TemporaryFolder
    private var folder: String { temporary.path }

    init() throws { temporary = try TemporaryFolder() }

    @Test(arguments: ["bind password", "", "pässwörd \u{1F40E}", "0"])
    func `what was sealed is given back`(secret: String) throws {
        let sealed = try KeyFileSecretBox(path: folder + "/key").seal(secret, context: "directory corp")
        let later = try KeyFileSecretBox(path: folder + "/key")
        #expect(try later.open(sealed, context: "directory corp") == secret)
    }

    @Test func `a sealed secret shows nothing of it and is never the same twice`() throws {
        let box = try KeyFileSecretBox(path: folder + "/key")
        let one = try box.seal("bind password", context: "directory corp")
        #expect(try one != box.seal("bind password", context: "directory corp"))
        #expect(Data(one).range(of: Data("password".utf8)) == nil)
        #expect(one.first == 1)
    }

    @Test func `another context opens nothing`() throws {
        let box = try KeyFileSecretBox(path: folder + "/key")
        let sealed = try box.seal("bind password", context: "directory corp")
        #expect(throws: SecretBoxError.damaged(context: "directory lab")) {
            try box.open(sealed, context: "directory lab")
        }
    }

    @Test func `a change of any byte is noticed`() throws {
        let box = try KeyFileSecretBox(path: folder + "/key")
        let sealed = try box.seal("bind password", context: "directory corp")
        for index in sealed.indices {
            var altered = sealed
            altered[index] ^= 1
            #expect(throws: SecretBoxError.self) { try box.open(altered, context: "directory corp") }
        }
        for length in sealed.indices {
            #expect(throws: SecretBoxError.self) {
                try box.open(Array(sealed.prefix(length)), context: "directory corp")
            }
        }
        #expect(throws: SecretBoxError.self) { try box.open(sealed + [0], context: "directory corp") }
    }

    @Test func `another key is told from damage`() throws {
        let sealed = try KeyFileSecretBox(path: folder + "/key").seal("bind password", context: "directory corp")
        let other = try KeyFileSecretBox(path: folder + "/other")
        let error = try #require(throws: SecretBoxError.self) { try other.open(sealed, context: "directory corp") }
        #expect(error == .otherKey(context: "directory corp", path: folder + "/other"))
        #expect(error.description.contains("another key"))
    }

    @Test func `a key file is 32 bytes in base64, with or without a line end`() throws {
        let path = folder + "/key"
        let sealed = try KeyFileSecretBox(path: path).seal("bind password", context: "directory corp")
        let text = try String(contentsOfFile: path, encoding: .utf8)
        #expect(text.hasSuffix("\n"))
        #expect(Data(base64Encoded: String(text.dropLast()))?.count == 32)
        #expect(try PrivateFile(path: folder + "/copy").create(Array(text.dropLast().utf8)))
        let copy = try KeyFileSecretBox(path: folder + "/copy")
        #expect(try copy.open(sealed, context: "directory corp") == "bind password")
    }

    @Test(arguments: ["", "\n", "not base64 at all", "AAAA", Data(repeating: 0, count: 33).base64EncodedString()])
    func `a file with anything else is refused and stays`(text: String) throws {
        let file = PrivateFile(path: folder + "/key")
        #expect(try file.create(Array(text.utf8)))
        #expect(throws: SecretBoxError.unusableKey(path: file.path)) { try KeyFileSecretBox(path: file.path) }
        #expect(try file.read() == Array(text.utf8))
    }

    @Test func `a key file that others may read is refused`() throws {
        let path = folder + "/key"
        _ = try KeyFileSecretBox(path: path)
        try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: path)
        #expect(throws: PrivateFileError.notPrivate(path: path, mode: 0o640)) { try KeyFileSecretBox(path: path) }
    }
}
