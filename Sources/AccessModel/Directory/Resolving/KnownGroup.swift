/// A group that fed something when the directory was read to its end.
public struct KnownGroup: Hashable, Sendable, Codable {
    public var externalID: String
    public var dn: String
    /// What it fed, itself or as a part of another group.
    public var rules: [DirectorySettings.Rule]

    public init(externalID: String, dn: String, rules: [DirectorySettings.Rule]) {
        self.externalID = externalID
        self.dn = dn
        self.rules = rules
    }
}

extension ResolvedDirectory {
    /// The groups that feed something, in order of identity.
    public var knownGroups: [KnownGroup] {
        var groups: [String: KnownGroup] = [:]
        for feed in feeds {
            for group in feed.groups {
                groups[group.externalID, default: KnownGroup(externalID: group.externalID, dn: group.dn, rules: [])]
                    .rules.append(feed.rule)
            }
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
            + "nobody leaves what it fed. Let the bind account read it, or put the directory again if it is meant"
    }
}
