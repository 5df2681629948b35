import AccessModel

/// Rows that a transaction has read or made, as far as there is room.
struct KnownRows {
    private(set) var accounts: [AccountName: Stored<Account>] = [:]
    private(set) var teams: [AccountID: [TeamName: Stored<Team>]] = [:]
    private var teamCount = 0
    private var takenNames = TakenNames()

    /// So many of a kind. When there are more, what is known is forgotten, and read again where it is needed.
    private static let room = 20_000

    mutating func keep(_ row: Stored<Account>?) {
        guard let row else { return }
        if accounts.count >= Self.room { accounts.removeAll(keepingCapacity: true) }
        accounts[row.value.name] = row
    }

    mutating func keep(_ row: Stored<Team>?) {
        guard let row else { return }
        if teamCount >= Self.room { (teams, teamCount) = ([:], 0) }
        if teams[row.value.organization, default: [:]].updateValue(row, forKey: row.value.name) == nil {
            teamCount += 1
        }
    }

    /// Takes in what a transaction changes.
    mutating func note(_ change: Change, _ revision: Revision) {
        switch change.before {
        case .account(let account): accounts[account.name] = nil
        case .team(let team):
            if teams[team.organization]?.removeValue(forKey: team.name) != nil { teamCount -= 1 }
        default: break
        }
        switch change.after {
        case .account(let account): keep(Stored(account, revision: revision))
        case .team(let team): keep(Stored(team, revision: revision))
        default: break
        }
        takenNames.note(change)
    }

    mutating func takenName(
        _ name: AccountName, _ reader: any StoreReader
    ) throws(AccessError) -> (asLogin: Bool, asRetired: Bool) {
        try takenNames.find(name, reader)
    }
}

/// Logins and retired names. One is looked up; who asks for many is answered from all of them.
private struct TakenNames {
    private var asked = 0
    private var logins: Set<AccountName>?
    private var retired: Set<AccountName> = []

    private static let few = 16

    mutating func find(
        _ name: AccountName, _ reader: any StoreReader
    ) throws(AccessError) -> (asLogin: Bool, asRetired: Bool) {
        asked += 1
        if asked > Self.few, logins == nil {
            logins = try reader.loginsApartFromNames()
            retired = Set(try reader.retiredNames(.all).map(\.name))
        }
        if let logins { return (logins.contains(name), retired.contains(name)) }
        return (try reader.user(withLogin: name) != nil, try reader.retiredName(name) != nil)
    }

    mutating func note(_ change: Change) {
        guard logins != nil else { return }
        for (fact, isThere) in [(change.before, false), (change.after, true)] {
            switch fact {
            case .account(let account):
                if let login = account.login, login != account.name { set(login, isThere, in: &logins) }
            case .retiredName(let name):
                if isThere { retired.insert(name.name) } else { retired.remove(name.name) }
            default: break
            }
        }
    }

    private func set(_ login: AccountName, _ isThere: Bool, in logins: inout Set<AccountName>?) {
        if isThere { logins?.insert(login) } else { logins?.remove(login) }
    }
}
