extension SyncPlanner {
    mutating func planAccounts() {
        let people = Dictionary(directory.people.map { ($0.externalID, $0) }, uniquingKeysWith: { $1 })
        let hidden = HiddenFields(of: people, kept: state.accounts)
        if let words = hidden.words { note(.hiddenField, "", words) }
        for linked in state.accounts {
            guard let link = linked.account.directory, link.directory == state.directory else { continue }
            let externalID = link.externalID
            let login = linked.account.login ?? linked.account.name
            enter(
                Subject(
                    reference: SyncPerson(externalID: externalID, accountID: linked.account.id, login: login),
                    person: people[externalID].map { hidden.filled($0, from: linked.account) },
                    account: linked.account))
            names.give(linked.account.name, to: externalID)
            names.give(login, to: externalID)
        }
        let linked = subjects.indices
        planRenames()
        if directory.policy.createsAccounts { planCreations() }
        // Sorting a hundred thousand who stay as they are would cost as much as the rest of the plan.
        for subject in ordered(linked.filter(differs)) { planProfileAndActivity(of: subject) }
    }

    /// Whether anything of an account is not as the directory says.
    private func differs(_ subject: Int) -> Bool {
        guard let account = subjects[subject].account, let link = account.directory else { return false }
        guard let person = subjects[subject].person else { return account.isActive }
        return account.isActive != subjects[subject].isActive || link.goneSince != nil || link.isResting
            || !person.hasProfile(of: account, link)
    }

    /// A name that one rename frees may be what another waits for: goes round until none moves.
    private mutating func planRenames() {
        let keepers = Set(state.accounts.filter(\.ownsRepositories).map(\.account.id))
        var waiting: [(subject: Int, account: Account, name: AccountName)] = []
        let renamed = subjects.indices.filter { subject in
            guard let person = subjects[subject].person else { return false }
            return (try? person.name.get()) != subjects[subject].reference.login
        }
        for subject in ordered(renamed) {
            guard let account = subjects[subject].account, let person = subjects[subject].person else { continue }
            switch person.name {
            case .failure(let refusal):
                let login = subjects[subject].reference.login
                note(
                    .refusedPerson, person.dn, "the account \(account.name) keeps its login \(login): \(refusal.reason)"
                )
            case .success(let name):
                waiting.append((subject, account, name))
            }
        }
        // Each is tried once, and again whenever the name that it wants was given up.
        let wanting = Dictionary(grouping: waiting.indices) { waiting[$0].name }
        var pending = Array(waiting.indices.reversed())
        var moved: Set<Int> = []
        while let place = pending.popLast() {
            let (subject, account, name) = waiting[place]
            let login = subjects[subject].reference.login
            guard !moved.contains(place), let externalID = subjects[subject].reference.externalID,
                names.isFree(name, for: externalID)
            else { continue }
            let namespace = keepers.contains(account.id) || account.name == name ? nil : name
            let reason = "the directory's login was \(login) and is \(name)"
            add(.rename, .rename(login: name, name: namespace), to: subject, because: reason)
            moved.insert(place)
            names.give(name, to: externalID)
            for released in [login != account.name ? login : nil, namespace.map { _ in account.name }].compactMap(
                \.self)
            where released != name {
                names.release(released)
                pending += wanting[released]?.reversed() ?? []
            }
        }
        for place in waiting.indices where !moved.contains(place) {
            let (subject, account, name) = waiting[place]
            let (reference, dn) = (subjects[subject].reference, subjects[subject].person?.dn ?? "")
            let obstacle = names.obstacle(to: name, for: reference.externalID ?? "") ?? ""
            note(.refusedPerson, dn, "the account \(account.name) keeps its login \(reference.login): \(obstacle)")
        }
    }

    private mutating func planCreations() {
        var created: [Int] = []
        for person in directory.people where subjectByExternalID[person.externalID] == nil {
            switch person.name {
            case .failure(let refusal):
                note(.refusedPerson, person.dn, "gets no account: \(refusal.reason)")
            case .success(let name):
                if let obstacle = names.obstacle(to: name, for: person.externalID) {
                    note(.refusedPerson, person.dn, "gets no account: \(obstacle) (identity \(person.externalID))")
                    continue
                }
                names.give(name, to: person.externalID)
                created.append(subjects.count)
                enter(Subject(reference: SyncPerson(externalID: person.externalID, login: name), person: person))
            }
        }
        for subject in ordered(created) {
            guard let person = subjects[subject].person else { continue }
            let reason =
                person.inactiveReason.map { "new in the directory, and inactive there: \($0)" }
                ?? "new in the directory"
            let name = subjects[subject].reference.login
            add(
                .create, .createUser(name: name, profile: person.profile, isActive: person.isActive), to: subject,
                because: reason)
        }
    }

    private mutating func planProfileAndActivity(of subject: Int) {
        guard let account = subjects[subject].account, let link = account.directory else { return }
        if let person = subjects[subject].person {
            if link.goneSince != nil {
                let reason =
                    link.isResting
                    ? "back in the directory, to what they had"
                    : "back in the directory; what they had was taken for good"
                add(.back, .markBack, to: subject, because: reason)
            }
            if !person.hasProfile(of: account, link) {
                add(.update, .updateProfile(person.profile), to: subject, because: "changed in the directory")
            }
            if subjects[subject].isActive, !account.isActive {
                add(.reactivate, .reactivate, to: subject, because: "active in the directory")
            }
        }
        // Who is back and inactive has nothing to wait for.
        let isBack = link.isResting && subjects[subject].person?.isActive == false
        guard account.isActive || isBack, !subjects[subject].isActive, let proof = CompleteReading(ofUsersIn: directory)
        else {
            return
        }
        let isGone = subjects[subject].isGone
        let reason = subjects[subject].person?.inactiveReason.map { "inactive in the directory: \($0)" }
        remove(
            .deactivate, .deactivate(isGone: isGone), from: subject, because: reason ?? "no longer in the directory",
            proof: proof)
    }

    // MARK: Leavers

    /// Counts the time of those who are gone: takes what rested once it is confirmed, and deletes who has been gone for
    /// long.
    mutating func planLeavers() {
        guard let proof = CompleteReading(ofUsersIn: directory) else { return }
        let keepers = Set(state.accounts.filter(\.ownsRepositories).map(\.account.id))
        let gone = subjects.indices.filter { subjects[$0].person == nil && subjects[$0].account?.isActive == false }
        for subject in ordered(gone) {
            guard let account = subjects[subject].account else { continue }
            guard let since = account.directory?.goneSince else {
                remove(.deactivate, .markGone, from: subject, because: "no longer in the directory", proof: proof)
                continue
            }
            let isResting = account.directory?.isResting == true
            let isConfirmed = since + .seconds(directory.policy.confirmsLeaversAfterSeconds) <= directory.time
            guard isConfirmed || !isResting else { continue }
            if deletes(subject, account, goneSince: since, isKeeper: keepers.contains(account.id), proof) { continue }
            guard isResting else { continue }
            let reason = "gone from the directory since \(since), and still gone"
            remove(.deprovision, .deprovision, from: subject, because: reason, proof: proof)
        }
    }

    /// Plans to delete who has been gone for long; one who owns repositories is only noted.
    private mutating func deletes(
        _ subject: Int, _ account: Account, goneSince since: Timestamp, isKeeper: Bool, _ proof: CompleteReading
    ) -> Bool {
        guard let days = directory.policy.deletesLeaversAfterDays,
            since + .seconds(Int64(days) * 86_400) <= directory.time
        else { return false }
        let span = days == 1 ? "a day" : "\(days) days"
        let reason = "gone from the directory since \(since.description.prefix(10)), more than \(span) ago"
        guard !isKeeper else {
            note(.keptLeaver, account.name.rawValue, "\(reason), and kept for the repositories in its namespace")
            return false
        }
        remove(.delete, .deleteUser, from: subject, because: reason, proof: proof)
        return true
    }
}

/// Fields that many people here have from the directory, and nobody there shows any more: the bind account may not
/// read them. They keep their values.
private struct HiddenFields {
    private var fullName = false
    private var email = false
    private var principalName = false

    /// Of so many it is no accident.
    private static let few = 5
    /// Some may be read all the same: the bind account's own entry.
    private static let percentShown = 10

    /// - Parameter people: by identity.
    init(of people: [String: ResolvedPerson], kept accounts: [DirectoryState.LinkedAccount]) {
        func isHidden(_ kept: (Account) -> Bool, _ isShown: (ResolvedPerson) -> Bool) -> Bool {
            var (had, show) = (0, 0)
            for linked in accounts where kept(linked.account) {
                guard let person = people[linked.account.directory?.externalID ?? ""] else { continue }
                had += 1
                if isShown(person) { show += 1 }
            }
            return had >= Self.few && show * 100 < had * Self.percentShown
        }
        fullName = isHidden({ !$0.fullName.isEmpty }) { !$0.fullName.isEmpty }
        email = isHidden({ $0.email != nil }) { $0.email != nil }
        principalName = isHidden({ $0.directory?.principalName != nil }) { $0.principalName != nil }
    }

    func filled(_ person: ResolvedPerson, from account: Account) -> ResolvedPerson {
        var person = person
        if fullName { person.fullName = account.fullName }
        if email { person.email = account.email }
        if principalName { person.principalName = account.directory?.principalName }
        return person
    }

    /// nil if there are none.
    var words: String? {
        let names = [(fullName, "full names"), (email, "e-mail addresses"), (principalName, "principal names")]
            .filter(\.0).map(\.1)
        guard !names.isEmpty else { return nil }
        return "nobody in the directory shows \(names.joined(separator: ", ")) any more: perhaps the bind account may "
            + "not read them; those kept here stay as they are"
    }
}

extension ResolvedPerson {
    fileprivate func hasProfile(of account: Account, _ link: DirectoryLink) -> Bool {
        account.fullName == fullName && account.email == email && link.principalName == principalName && link.dn == dn
    }

    fileprivate var profile: SyncProfile {
        SyncProfile(fullName: fullName, email: email, principalName: principalName, dn: dn)
    }
}
