import AccessControl
import AccessModel
import LDAPClient

// Whether the groups that rules and patterns speak of are among those that the search for groups finds.
extension DirectoryCheckup {
    mutating func findRules(_ connection: inout LDAPConnection) throws(LDAPError) {
        guard !settings.rules.isEmpty || !settings.patterns.isEmpty else {
            return report("rules", .passed, saw: "there is none: people get accounts, and belong nowhere by themselves")
        }
        var lost: [String] = []
        var renamed: [String] = []
        for rule in settings.rules {
            guard !cancellation.isCancelled else { throw LDAPError("search", .cancelled) }
            let followed = known.first { $0.ownRules.contains(rule) }?.externalID
            if ExternalID(rule.group) == nil, let followed, let name = try name(ofGroup: followed, &connection) {
                if DistinguishedName(name) != DistinguishedName(rule.group) {
                    renamed.append("\(rule.group) for \(rule.feeds) is \(name) by now")
                }
            } else if let reason = try obstacle(to: rule.group, &connection) {
                lost.append("\(rule.group) for \(rule.feeds): \(reason)")
            }
        }
        let patterns = judgePatterns()
        var saw: [String] = []
        if !settings.rules.isEmpty {
            let count = settings.rules.count - lost.count
            saw.append("the groups of \(count) of \(Self.counted(settings.rules.count, "rule")) are found")
        }
        if !lost.isEmpty { saw.append("not found: \(Self.listed(lost, atMost: 10))") }
        if !renamed.isEmpty { saw.append("followed to other names: \(Self.listed(renamed, atMost: 10))") }
        saw += patterns.saw
        var advice: [String] = []
        if !lost.isEmpty {
            advice.append(
                "write the groups as the directory does, by DN or by \(mapper.dialect.identity), and let "
                    + "\"groups.base\" and \"groups.filter\" select them")
        }
        if !renamed.isEmpty { advice.append("name renamed groups so in the rules") }
        advice += patterns.advice
        report(
            "rules", !lost.isEmpty ? .failed : advice.isEmpty ? .passed : .warning, saw: saw.joined(separator: "; "),
            advice: advice.isEmpty ? nil : advice.joined(separator: "; "))
    }

    /// What the group of an identity is called that the search for groups finds; nil if it finds none.
    private func name(
        ofGroup identity: String, _ connection: inout LDAPConnection
    ) throws(LDAPError) -> String? {
        let search = LDAPSearch(
            base: settings.groups.base, scope: LDAPSearch.Scope(settings.groups.scope),
            filter: "(&\(settings.groups.filter)\(mapper.dialect.filter(identity: identity)))", attributes: ["1.1"])
        do throws(LDAPError) {
            return try connection.search(search).first?.dn
        } catch {
            guard !error.code.isLocal || error.code == .filterError else { throw error }
            return nil
        }
    }

    /// Why the search for groups does not find a group; nil if it does.
    private func obstacle(to group: String, _ connection: inout LDAPConnection) throws(LDAPError) -> String? {
        do throws(LDAPError) {
            if let id = ExternalID(group) {
                let filter = "(&\(settings.groups.filter)\(mapper.dialect.filter(identity: id.text)))"
                let found = try connection.search(
                    LDAPSearch(
                        base: settings.groups.base, scope: LDAPSearch.Scope(settings.groups.scope), filter: filter,
                        attributes: ["1.1"]))
                return found.isEmpty ? "the search finds no group with this identity" : nil
            }
            guard isInReach(group) else { return "it is not below \(settings.groups.base), where groups are read" }
            let entry = LDAPSearch(base: group, scope: .base, filter: settings.groups.filter, attributes: ["1.1"])
            if try !connection.search(entry).isEmpty { return nil }
            return "it is there, and \"groups.filter\" does not select it"
        } catch {
            switch error.code {
            case .noSuchObject, .invalidDNSyntax: return "there is no such entry that the bind account sees"
            case .filterError: return "\"groups.filter\" does not parse"
            case _ where error.code.isLocal: throw error
            default: return error.description
            }
        }
    }

    private func isInReach(_ dn: String) -> Bool {
        guard let name = DistinguishedName(dn), let base = DistinguishedName(settings.groups.base),
            name.isWithin(base)
        else { return false }
        guard settings.groups.scope == .one else { return true }
        // In a normalised name, a bare comma separates two parts.
        let parent = name.normalized.firstIndex(of: ",").map { name.normalized[name.normalized.index(after: $0)...] }
        return parent.map { $0 == base.normalized } ?? base.isEmpty
    }

    // MARK: - Patterns

    private func judgePatterns() -> (saw: [String], advice: [String]) {
        guard !settings.patterns.isEmpty else { return ([], []) }
        guard let groups, !groups.entries.isEmpty else {
            return (["no group to try the patterns on"], ["see the step \"groups\""])
        }
        var counts = Array(repeating: 0, count: settings.patterns.count)
        var examples: [Int: String] = [:]
        var refused: [String] = []
        for entry in groups.entries {
            guard let name = DistinguishedName(entry.dn)?.commonName else { continue }
            search: for (place, pattern) in settings.patterns.enumerated() {
                switch pattern.match(name) {
                case .none: continue
                case .feed(let feed):
                    counts[place] += 1
                    if examples[place] == nil { examples[place] = "\(name) feeds \(feed)" }
                case .refused(let reason): refused.append(reason)
                }
                break search
            }
        }
        var saw = settings.patterns.enumerated().map { place, pattern in
            "\(pattern.text) fits \(counts[place]) of \(groups.counted("group"))"
                + (examples[place].map { " (\($0))" } ?? "")
        }
        if !refused.isEmpty { saw.append("cannot be used: \(Self.listed(refused, atMost: 3))") }
        var advice: [String] = []
        if counts.contains(0), !groups.hasMore {
            advice.append("compare the pattern that fits nothing with the groups' common names (CN)")
        }
        if !refused.isEmpty { advice.append("rename these groups, or change the pattern") }
        return (saw, advice)
    }
}
