import AccessControl
import AccessModel
import LDAPClient

// The two searches: where they begin, what they select, and what of it is shown.
extension DirectoryCheckup {
    mutating func findBase(
        _ step: String, _ search: DirectorySettings.Search, _ connection: inout LDAPConnection
    ) throws(LDAPError) {
        guard !search.base.isEmpty else { return report(step, .passed, saw: "the whole forest, as the base is empty") }
        let setting = step.hasPrefix("users") ? "users.base" : "groups.base"
        do throws(LDAPError) {
            let found = try connection.search(LDAPSearch(base: search.base, scope: .base, attributes: ["1.1"]))
            if found.isEmpty { throw LDAPError("search", .noSuchObject) }
            report(step, .passed, saw: "\(search.base) is there")
        } catch {
            guard !error.code.isLocal else { throw error }
            let contexts = Self.listed(namingContexts, atMost: 5)
            let hint = contexts.isEmpty ? "" : "; names on this server end in \(contexts)"
            report(
                step, .failed, saw: IncompleteReading.words(error, search, entries: 0),
                advice: "correct \"\(setting)\", or let the bind account list and read that entry\(hint)")
        }
    }

    // MARK: - People

    mutating func readUsers(_ connection: inout LDAPConnection) throws(LDAPError) {
        guard let sample = try sample("users", settings.users, mapper.userAttributes, &connection) else { return }
        users = sample
        let tally = PeopleTally(sample.entries, mapper, settings, now)
        guard !sample.entries.isEmpty || sample.error != nil else {
            return judge("users", "nobody", [nothing("users", "people", settings.users)])
        }
        judge(
            "users", "\(sample.counted("entry", "entries")): \(tally.counts)",
            [cut(sample, settings.users), tally.unreadable, tally.refused, tally.several].compactMap(\.self))
    }

    // MARK: - Groups

    mutating func readGroups(_ connection: inout LDAPConnection) throws(LDAPError) {
        let attributes = mapper.groupAttributes(range: "")
        guard let sample = try sample("groups", settings.groups, attributes, &connection) else { return }
        groups = sample
        let tally = GroupsTally(sample.entries, mapper)
        let isNeeded = !settings.rules.isEmpty || !settings.patterns.isEmpty
        guard !sample.entries.isEmpty || sample.error != nil else {
            var finding = nothing("groups", "groups", settings.groups)
            finding.isFailure = isNeeded
            return judge("groups", "none", [finding])
        }
        judge(
            "groups", "\(sample.counted("group")): \(tally.counts)",
            [cut(sample, settings.groups), tally.unreadable, tally.incomplete].compactMap(\.self))
    }

    // MARK: - Both

    /// One step of several findings: a failure if one of them is.
    private mutating func judge(_ step: String, _ saw: String, _ findings: [Finding]) {
        let outcome: DirectoryCheckupStep.Outcome =
            findings.contains(where: \.isFailure) ? .failed : findings.isEmpty ? .passed : .warning
        let advice = findings.map(\.advice).joined(separator: "; ")
        report(
            step, outcome, saw: ([saw] + findings.map(\.saw)).joined(separator: "; "),
            advice: advice.isEmpty ? nil : advice)
    }

    /// The first entries of a search; nil if it cannot be made, which is reported.
    private mutating func sample(
        _ step: String, _ search: DirectorySettings.Search, _ attributes: [String], _ connection: inout LDAPConnection
    ) throws(LDAPError) -> EntrySample? {
        do throws(LDAPError) {
            return try EntrySample(search, attributes: attributes, settings, &connection, cancellation)
        } catch {
            guard error.code == .filterError else { throw error }
            report(
                step, .failed, saw: "the filter \(search.filter) does not parse",
                advice: "correct \"\(step).filter\" (RFC 4515), as in (objectClass=person)")
            return nil
        }
    }

    private func nothing(_ setting: String, _ what: String, _ search: DirectorySettings.Search) -> Finding {
        let scope = search.scope == .one ? ", one level deep," : ""
        return Finding(
            "the filter \(search.filter) selects nothing that this account sees below \(search.base)\(scope)",
            advice:
                "check \"\(setting).filter\" and \"\(setting).base\", and let the bind account read the \(what) there",
            isFailure: true)
    }

    /// What a reading would not see.
    private func cut(_ sample: EntrySample, _ search: DirectorySettings.Search) -> Finding? {
        if let error = sample.error {
            let saw = IncompleteReading.words(error, search, entries: sample.entries.count)
            guard error.code == .sizeLimitExceeded else {
                return Finding(
                    saw, advice: "let the server answer this search to its end; nothing is taken away before",
                    isFailure: true)
            }
            return Finding(saw, advice: "on OpenLDAP: \(OpenLDAPAdvice.limits(of: settings.bind?.dn))")
        }
        guard let elsewhere = sample.referrals.first else { return nil }
        return Finding(
            "a part of \(search.base) is kept by another server, \(elsewhere), and would not be read",
            advice: "choose a base without it, or nothing that this search feeds is ever taken away")
    }

    /// Something to be known of a search, and what to change about it.
    struct Finding {
        var saw: String
        var advice: String
        var isFailure: Bool

        init(_ saw: String, advice: String, isFailure: Bool = false) {
            self.saw = saw
            self.advice = advice
            self.isFailure = isFailure
        }
    }
}

enum OpenLDAPAdvice {
    /// The limits that a synchronisation needs, as they stand in slapd's configuration.
    static func limits(of dn: String?) -> String {
        "olcLimits: dn.exact=\"\(dn ?? "THE BIND ACCOUNT")\" size.soft=unlimited size.hard=unlimited "
            + "size.prtotal=unlimited"
    }
}
