import Foundation
import TestSupport
import Testing

/// What reads text from outside works in proportion to its length. Counted in instructions, which are the same
/// however busy the machine is.
@Suite(.timeLimit(.minutes(15)))
struct ParserWorkTests {
    /// Of a debug build, for each byte, whatever is done with it: at the most 2,400, all layers of a request together. To
    /// normalise 16 KB of combining marks takes 2,500 more, and to split scopes anew at each step 50,000.
    private static let instructionsForEachByte = 3_500
    private static let size = 1 << 14

    @Test(arguments: ["names", "scopes", "requests", "directories", "texts", "queries", "bodies"])
    func `large inputs are read in proportion to their length`(kind: String) async throws {
        let folder = try TemporaryFolder("parsers")
        defer { folder.remove() }
        // valgrind 3.19 cannot read the debug information that Swift writes.
        let program = folder.path("ParserWork")
        try await Program.run(
            ["objcopy", "--strip-debug", try Checkout.product("ParserWork"), program], in: folder.root
        ).required()
        let (unfed, _) = try await instructions(of: [program, kind, "unfed"], in: folder)
        let (fed, feedings) = try await instructions(of: [program, kind, "fed"], in: folder)
        let each = (fed - unfed) / (feedings * Self.size)
        #expect(each < Self.instructionsForEachByte, "\(kind): \(fed) and \(unfed) for \(feedings) inputs")
        #expect(fed > unfed, "something was read")
    }

    private func instructions(
        of words: [String], in folder: TemporaryFolder
    ) async throws -> (count: Int, feedings: Int) {
        let outcome = try await Program.run(
            ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null"] + words, in: folder.root
        ).required()
        let line = outcome.errors.split(separator: "\n").last { $0.contains("Collected :") }
        let count = try #require(
            line?.split(separator: " ").last.flatMap { Int($0) }, "\(outcome.errors.suffix(2_000))")
        let feedings = try #require(outcome.output.split(separator: "\n").last.flatMap { Int($0) })
        return (count, feedings)
    }
}
