/// Names of groups from which organisations and teams are made: `registry-{org}-{team}`. Compared
/// with a group's common name without regard to case.
public struct GroupPattern: Hashable, Sendable {
    /// As it was written.
    public let text: String
    /// The role that a pattern without `{team}` gives in the organisation; nil means member.
    public let role: OrganizationMember.Role?
    private let parts: [Part]

    private enum Part: Hashable { case literal([UInt8]), organization, team }

    /// What a group's name says by this pattern.
    public enum Match: Hashable, Sendable {
        case none
        case feed(DirectorySettings.Feed)
        /// The name fits, and cannot be used: it splits in two ways, or gives no possible name.
        case refused(reason: String)
    }

    public struct Failure: Error, Hashable, Sendable {
        public let reason: String
    }

    /// - Parameter text: with `{org}` once, `{team}` at most once, and something between the two;
    ///   `CN=` may stand before it.
    public init(_ text: String, role: OrganizationMember.Role? = nil) throws(Failure) {
        let lower = text.lowercasedASCII
        let parts = try Self.parts(lower.hasPrefix("cn=") ? lower.dropFirst(3) : lower[...])
        guard parts.count(where: { $0 == .organization }) == 1, parts.count(where: { $0 == .team }) <= 1 else {
            throw Failure(reason: "should have {org} once and {team} at most once, as in registry-{org}-{team}")
        }
        guard parts.contains(where: { if case .literal = $0 { true } else { false } }) else {
            throw Failure(reason: "would fit every group: put a text before, between or behind, as in registry-{org}")
        }
        for (first, second) in zip(parts, parts.dropFirst()) {
            if case .literal = first { continue }
            if case .literal = second { continue }
            throw Failure(reason: "has nothing between {org} and {team} that could tell them apart")
        }
        guard role == nil || !parts.contains(.team) else {
            throw Failure(reason: "feeds teams, in which everybody is a member: leave out the role or {team}")
        }
        self.text = text
        self.role = role
        self.parts = parts
    }

    /// Whether it makes teams, and not only organisations.
    public var feedsTeams: Bool { parts.contains(.team) }

    /// Bytes of a group's name that are looked at. An organisation and a team have at most 100 each.
    private static let lengthLimit = 512
    private static let nameLimit = 128

    public func match(_ name: String) -> Match {
        guard name.utf8.count <= Self.lengthLimit else { return .none }
        var splits: [(organization: String, team: String)] = []
        Self.split(Array(name.lowercasedASCII.utf8)[...], parts[...], ("", ""), into: &splits)
        guard !splits.isEmpty else { return .none }
        let feeds = splits.compactMap { feed($0.organization, $0.team) }
        switch feeds.count {
        case 0: return .refused(reason: "\(name) fits \(text), and gives no possible name")
        case 1: return .feed(feeds[0])
        default:
            return .refused(
                reason: "\(name) can be read as \(feeds[0]) and as \(feeds[1]): choose a separator that no name has")
        }
    }

    private func feed(_ organization: String, _ team: String) -> DirectorySettings.Feed? {
        guard let organization = try? AccountName(organization) else { return nil }
        guard feedsTeams else { return .organization(organization, role: role ?? .member) }
        return (try? TeamName(team)).map { .team(organization: organization, team: $0) }
    }

    /// All ways to fill the parts from the name.
    private static func split(
        _ name: ArraySlice<UInt8>, _ parts: ArraySlice<Part>, _ known: (organization: String, team: String),
        into splits: inout [(organization: String, team: String)]
    ) {
        guard let part = parts.first else {
            if name.isEmpty { splits.append(known) }
            return
        }
        if case .literal(let text) = part {
            guard name.starts(with: text) else { return }
            return split(name.dropFirst(text.count), parts.dropFirst(), known, into: &splits)
        }
        for length in 1..<max(2, min(name.count, nameLimit) + 1) where length <= name.count {
            var next = known
            let value = String(decoding: name.prefix(length), as: UTF8.self)
            if part == .team { next.team = value } else { next.organization = value }
            split(name.dropFirst(length), parts.dropFirst(), next, into: &splits)
        }
    }

    private static func parts(_ text: Substring) throws(Failure) -> [Part] {
        var parts: [Part] = []
        var rest = text
        while let brace = rest.firstIndex(of: "{") {
            guard let end = rest[brace...].firstIndex(of: "}"), !rest[..<brace].contains("}") else { break }
            if brace > rest.startIndex { parts.append(.literal(Array(rest[..<brace].utf8))) }
            switch rest[rest.index(after: brace)..<end] {
            case "org": parts.append(.organization)
            case "team": parts.append(.team)
            case let name: throw Failure(reason: "{\(name)} means nothing; there are {org} and {team}")
            }
            rest = rest[rest.index(after: end)...]
        }
        guard !rest.contains(where: { "{}".contains($0) }) else {
            throw Failure(reason: "has a brace without its counterpart")
        }
        if !rest.isEmpty { parts.append(.literal(Array(rest.utf8))) }
        return parts
    }
}
