import AccessModel
import LDAPClient

/// What the entries of the search for users are good for.
struct PeopleTally {
    typealias Finding = DirectoryCheckup.Finding

    private var usable = 0
    private var refusals: [String] = []
    private var identities = 0
    private var names = 0
    private var emails = 0
    private var hidden: [UnreadableEntry] = []
    private var severalLogins: [DirectoryUser] = []
    private let login: String

    init(_ entries: [LDAPEntry], _ mapper: EntryMapper, _ settings: DirectorySettings, _ now: Timestamp) {
        login = settings.attributes.login
        var users: [DirectoryUser] = []
        for entry in entries {
            if mapper.dialect.externalID(entry) != nil { identities += 1 }
            do throws(UnreadableEntry) { users.append(try mapper.user(entry)) } catch { hidden.append(error) }
        }
        severalLogins = users.filter { !$0.otherLogins.isEmpty }
        // Judged by what judges them at a synchronisation.
        for person in ResolvedDirectory(DirectorySnapshot(users: users, groups: []), settings: settings, now: now)
            .people
        {
            if !person.fullName.isEmpty { names += 1 }
            if person.email != nil { emails += 1 }
            switch person.name {
            case .success: usable += 1
            case .failure(let refusal): refusals.append("\(person.dn): \(refusal.reason)")
            }
        }
    }

    var counts: String {
        "\(usable) with a usable login, \(identities) with an identity, \(names) with a full name, "
            + "\(emails) with an e-mail address"
    }

    /// Logins that name no account. If there is no other, nothing can be made of the directory.
    var refused: Finding? {
        guard !refusals.isEmpty else { return nil }
        let saw =
            "\(refusals.count) whose login cannot be an account's name: "
            + DirectoryCheckup.listed(refusals, atMost: 3)
        guard usable > 0 else {
            return Finding(
                saw, advice: "check \"attributes.login\" (\(login)), and let the bind account read it", isFailure: true)
        }
        return Finding(
            saw, advice: "change these logins, or leave the entries out by \"users.filter\": they get no account")
    }

    /// People whose account could be named in more than one way.
    var several: Finding? {
        guard let first = severalLogins.first, let name = first.login else { return nil }
        return Finding(
            "\(severalLogins.count) with several \(login), as \(first.dn): the account is \(name), and groups may name "
                + "the person by \(first.otherLogins.joined(separator: " or ")), too",
            advice: "if another one is meant, make it the only one, or the one in the DN")
    }

    /// Entries that make every reading incomplete.
    var unreadable: Finding? {
        guard let first = hidden.first else { return nil }
        let others = hidden.count > 1 ? " (and \(hidden.count - 1) more)" : ""
        return Finding(
            "\(first.dn) shows no \(first.attribute)\(others), so that readings are incomplete and take nothing away",
            advice: "let the bind account read \(first.attribute)", isFailure: usable == 0 && refusals.isEmpty)
    }
}

/// What the entries of the search for groups hold.
struct GroupsTally {
    typealias Finding = DirectoryCheckup.Finding

    private var filled = 0
    private var largest: (count: Int, isAll: Bool, dn: String)?
    private var ranged = 0
    private var partial: [String] = []
    private var hidden: [UnreadableEntry] = []

    init(_ entries: [LDAPEntry], _ mapper: EntryMapper) {
        for entry in entries {
            let group: DirectoryGroup
            do throws(UnreadableEntry) {
                group = try mapper.group(entry)
            } catch {
                hidden.append(error)
                continue
            }
            let range = entry.range(of: mapper.attributes.member)
            if range != nil { ranged += 1 }
            if !group.members.isEmpty { filled += 1 }
            if let reason = group.membersReading.reason { partial.append(reason) }
            if group.members.count > largest?.count ?? 0 {
                largest = (group.members.count, range?.last == nil, group.dn)
            }
        }
    }

    var counts: String {
        var parts = ["\(filled) with members"]
        if let largest {
            let count = DirectoryCheckup.counted(largest.count, "member")
            parts.append("the largest is \(largest.dn) with \(count)\(largest.isAll ? "" : " and more")")
        }
        if ranged > 0 {
            parts.append("\(ranged) so large that members come in pieces (ranged retrieval), which is read on")
        }
        return parts.joined(separator: ", ")
    }

    /// Groups that show fewer members than they have: what they feed is never taken away.
    var incomplete: Finding? {
        guard !partial.isEmpty else { return nil }
        let groups = partial.count == 1 ? "1 group shows" : "\(partial.count) groups show"
        return Finding(
            "\(groups) not all of the members: \(DirectoryCheckup.listed(partial, atMost: 1))",
            advice: "do that for the groups that rules name: what an incomplete group feeds is never taken away")
    }

    var unreadable: Finding? {
        guard let first = hidden.first else { return nil }
        return Finding(
            "\(DirectoryCheckup.counted(hidden.count, "group")) without \(first.attribute), as \(first.dn)",
            advice: "let the bind account read \(first.attribute)")
    }
}
