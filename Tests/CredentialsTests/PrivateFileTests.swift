import Foundation
import Testing

@testable import Credentials

@Suite struct PrivateFileTests {
    private let temporary: TemporaryFolder
    private var folder: String { temporary.path }

    init() throws { temporary = try TemporaryFolder() }

    @Test func `a file that is not there is made once`() throws {
        let file = PrivateFile(path: folder + "/key")
        #expect(try file.read() == nil)
        #expect(try file.readOrCreate { Array("one".utf8) } == Array("one".utf8))
        #expect(try file.readOrCreate { Array("two".utf8) } == Array("one".utf8))
        #expect(try file.create(Array("three".utf8)) == false)
        #expect(try file.read() == Array("one".utf8))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["key"])
    }

    @Test func `only the owner may open it`() throws {
        #expect(try PrivateFile(path: folder + "/key").create([1, 2, 3]))
        let attributes = try FileManager.default.attributesOfItem(atPath: folder + "/key")
        #expect(attributes[.posixPermissions] as? Int == 0o600)
    }

    @Test(arguments: [0o640, 0o604, 0o660, 0o602, 0o611, 0o777])
    func `a file that others may open is refused`(mode: Int) throws {
        let file = PrivateFile(path: folder + "/key")
        #expect(try file.create([1]))
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file.path)
        let error = try #require(throws: PrivateFileError.self) { try file.readOrCreate { [2] } }
        #expect(error == .notPrivate(path: file.path, mode: UInt32(mode)))
        #expect(error.description.contains("chmod 600"))
        #expect(error.description.contains("0\(String(mode, radix: 8))"))
    }

    @Test(arguments: [0o400, 0o600])
    func `a file closed to others is read through a link, too`(mode: Int) throws {
        #expect(try PrivateFile(path: folder + "/key").create([7]))
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: folder + "/key")
        try FileManager.default.createSymbolicLink(atPath: folder + "/link", withDestinationPath: "key")
        #expect(try PrivateFile(path: folder + "/link").read() == [7])
    }

    @Test func `a folder in its place is refused`() throws {
        let error = try #require(throws: PrivateFileError.self) { try PrivateFile(path: folder).read() }
        #expect(error == .failed(path: folder, action: "read", reason: "it is not a regular file"))
    }

    @Test func `a missing folder is named`() throws {
        let file = PrivateFile(path: folder + "/none/key")
        let error = try #require(throws: PrivateFileError.self) { try file.readOrCreate { [1] } }
        #expect(error.description == "cannot make the key file \(file.path): its folder does not exist")
    }

    @Test func `an overlong file is refused`() throws {
        let file = PrivateFile(path: folder + "/key")
        #expect(try file.create([UInt8](repeating: 0, count: 65_537)))
        #expect(throws: PrivateFileError.self) { try file.read() }
    }

    @Test func `everybody who starts at once gets the same content`() async throws {
        let contents = try await withThrowingTaskGroup(of: [UInt8].self) { group in
            for number in 0..<64 {
                group.addTask {
                    try PrivateFile(path: folder + "/key").readOrCreate { [UInt8](repeating: UInt8(number), count: 9) }
                }
            }
            return try await group.reduce(into: Set<[UInt8]>()) { $0.insert($1) }
        }
        #expect(contents.count == 1)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["key"])
    }
}
