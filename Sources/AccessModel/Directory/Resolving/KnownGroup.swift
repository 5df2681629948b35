public import StrictJSON

/// A group that fed something when the directory was read to its end.
public struct KnownGroup: Hashable, Sendable, Encodable {
    public var externalID: String
    public var dn: String
    /// What it fed, itself or as a part of another group.
    public var rules: [DirectorySettings.Rule]
    /// Those of them that speak of this group itself. They go on doing so when it is renamed.
    public var ownRules: [DirectorySettings.Rule]

    public init(
        externalID: String, dn: String, rules: [DirectorySettings.Rule], ownRules: [DirectorySettings.Rule] = []
    ) {
        self.externalID = externalID
        self.dn = dn
        self.rules = rules
        self.ownRules = ownRules
    }

    /// What is kept of it under other settings: its identity, for the rules that are the same; nil if there are none.
    public func followed(by rules: [DirectorySettings.Rule]) -> KnownGroup? {
        let own = ownRules.filter(rules.contains)
        return own.isEmpty ? nil : KnownGroup(externalID: externalID, dn: dn, rules: [], ownRules: own)
    }

    enum CodingKeys: String, CodingKey {
        case externalID, dn, rules
        case ownRules = "own_rules"
    }
}

extension KnownGroup: JSONReadable {
    public init(json: JSONValue) throws(JSONError) {
        var group = try JSONMembers(json)
        self.init(
            externalID: try group.required(String.self, "externalID"), dn: try group.required(String.self, "dn"),
            rules: try group.required([DirectorySettings.Rule].self, "rules"),
            ownRules: try group.optional([DirectorySettings.Rule].self, "own_rules") ?? [])
    }
}

extension ResolvedDirectory {
    /// The groups that feed something, in order of identity.
    /// - Parameter earlier: those of the run before: a group that a rule speaks of is known until it is read again.
    public func knownGroups(after earlier: [KnownGroup] = []) -> [KnownGroup] {
        var groups: [String: KnownGroup] = [:]
        for feed in feeds {
            for (place, group) in feed.groups.enumerated() {
                var known =
                    groups[group.externalID] ?? KnownGroup(externalID: group.externalID, dn: group.dn, rules: [])
                known.rules.append(feed.rule)
                if place == 0, !feed.makesTarget { known.ownRules.append(feed.rule) }
                groups[group.externalID] = known
            }
        }
        let read = Set(feeds.lazy.filter { !$0.groups.isEmpty }.map(\.rule))
        for var group in earlier where groups[group.externalID] == nil {
            group.ownRules.removeAll(where: read.contains)
            if !group.ownRules.isEmpty { groups[group.externalID] = group }
        }
        return groups.values.sorted { $0.externalID < $1.externalID }
    }

    /// Lets nobody leave what these groups fed: they were not read, and nothing proves that they are no more.
    public mutating func freeze(_ groups: [KnownGroup]) {
        guard !groups.isEmpty else { return }
        for group in groups {
            for rule in group.rules {
                feeds.append(
                    ResolvedFeed(
                        rule: rule, group: group.dn, members: [],
                        reading: .incomplete(reason: "it was there, was not read, and nothing proves that it is gone")))
            }
        }
        let others = groups.count > 1 ? " and \(groups.count - 1) more" : ""
        lostGroups =
            "\(groups[0].dn)\(others) fed something, was not read, and nothing proves that it is gone; "
            + "nobody leaves what it fed. Let the bind account read it, or put the settings with a change if it is meant"
    }
}
