import Foundation

/// Does the same with several things, one after the other. Where one is refused the others are done all the same, and the
/// command ends as the first one that was refused.
func forEach<Item>(of items: [Item], _ body: (Item) async throws -> Void) async throws {
    var refused: CommandFailure?
    for item in items {
        do {
            try await body(item)
        } catch let failure as CommandFailure where items.count > 1 && failure.status != .unreachable {
            Terminal.writeError("Error: \(failure)\n")
            refused = refused ?? CommandFailure(failure.status)
        }
    }
    if let refused { throw refused }
}

extension String {
    /// Names with commas between them, each once. No name has a comma.
    var severalNames: [String] {
        var seen: Set<String> = []
        let names = split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
            .filter { !$0.isEmpty && seen.insert($0).inserted }
        // No name at all is refused like any other that cannot be.
        return names.isEmpty ? [self] : names
    }
}
