import Testing

@testable import portreeve

/// Commands that do the same with several things.
@Suite struct SeveralTests {
    @Test(arguments: [
        ("a,b", ["a", "b"]), ("a", ["a"]), ("a,,b,a", ["a", "b"]), (",", [","]), ("", [""]),
    ])
    func `names have commas between them, and each counts once`(_ text: String, _ names: [String]) {
        #expect(text.severalNames == names)
    }

    @Test(
        arguments: [
            ([], [1, 2, 3], nil), ([2], [1, 2, 3], .missing), ([1, 3], [1, 2, 3], .refused),
            ([1, 2, 3], [1, 2, 3], .refused),
        ] as [(Set<Int>, [Int], CommandStatus?)])
    func `what is refused does not keep the others from being done, and tells how the command ends`(
        _ refused: Set<Int>, _ asked: [Int], _ status: CommandStatus?
    ) async throws {
        var tried: [Int] = []
        do {
            try await forEach(of: [1, 2, 3]) { item in
                tried.append(item)
                if refused.contains(item) {
                    throw CommandFailure(refused.count == 1 ? .missing : item == 1 ? .refused : .no, "\(item)")
                }
            }
            #expect(status == nil)
        } catch let failure as CommandFailure {
            #expect(failure.status == status && failure.description.isEmpty)
        }
        #expect(tried == asked)
    }

    @Test func `a service that cannot be reached is asked once`() async throws {
        var tried = 0
        let failure = await #expect(throws: CommandFailure.self) {
            try await forEach(of: [1, 2]) { _ in
                tried += 1
                throw CommandFailure.unreachable("gone")
            }
        }
        #expect(tried == 1 && failure?.description == "gone")
    }
}
