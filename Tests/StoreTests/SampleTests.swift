import AccessModel
import Testing

/// That the samples would show a member which is lost, or two that are exchanged, on the way through a row or the log.
@Suite struct SampleTests {
    @Test(arguments: Fact.Kind.allCases)
    func `every member is set in a sample, and no two are the same in all`(_ kind: Fact.Kind) throws {
        let samples = Samples.all.filter { $0.kind == kind }.map { Self.leaves(of: $0) }
        #expect(!samples.isEmpty, "add a sample of \(kind.rawValue) to Samples")
        // What has members of its own is there with them.
        let all = Set(samples.flatMap(\.keys))
        let paths = all.filter { path in !all.contains { $0.hasPrefix(path + ".") } }.sorted()
        for path in paths {
            let values = Set(samples.compactMap { $0[path] ?? nil })
            #expect(!values.isEmpty && values != [""], "\(kind.rawValue): \(path) is set in no sample")
            if !values.isEmpty, values.isSubset(of: ["true", "false"]) {
                #expect(values.count == 2, "\(kind.rawValue): \(path)")
            }
        }
        for (place, first) in paths.enumerated() {
            for second in paths[(place + 1)...] {
                let differ = samples.contains { sample in
                    guard let one = sample[first] ?? nil, let other = sample[second] ?? nil else { return false }
                    return one != other
                }
                let areApart = samples.contains { ($0[first] ?? nil) != ($0[second] ?? nil) }
                #expect(differ || areApart, "\(kind.rawValue): \(first) and \(second) could be exchanged unseen")
            }
        }
    }

    /// The texts, numbers and flags of a fact by their paths; nil for what is not set. The settings of a directory have
    /// a test of their own, and cases of an enumeration count by their name.
    private static func leaves(of fact: Fact) -> [String: String?] {
        guard let value = Mirror(reflecting: fact).children.first?.value else { return [:] }
        var leaves: [String: String?] = [:]
        collect(value, at: "", into: &leaves)
        return leaves
    }

    private static func collect(_ value: Any, at path: String, into leaves: inout [String: String?]) {
        let mirror = Mirror(reflecting: value)
        switch (value, mirror.displayStyle) {
        case (is DirectorySettings, _): break
        case (_, .optional):
            guard let some = mirror.children.first?.value else { return leaves[path] = .some(nil) }
            collect(some, at: path, into: &leaves)
        case (is any RawRepresentable, .enum), (_, nil), (is any CustomStringConvertible, _):
            leaves[path] = "\(value)"
        case (_, .enum):
            guard let child = mirror.children.first else { return leaves[path] = "\(value)" }
            leaves["\(path).case"] = child.label
            collect(child.value, at: path, into: &leaves)
        default:
            for (place, child) in mirror.children.enumerated() {
                collect(child.value, at: "\(path).\(child.label ?? "\(place)")", into: &leaves)
            }
        }
    }
}
