/// Who holds which name and login while a plan is made: what it has given away or freed so far
/// is taken into account.
struct NameBook {
    private let others: [AccountName: DirectoryState.NameHolder]
    /// The external ids of this directory's people, by the names and logins they hold.
    private var ours: [AccountName: String] = [:]

    init(_ state: DirectoryState) { others = state.takenNames }

    mutating func give(_ name: AccountName, to externalID: String) { ours[name] = externalID }

    mutating func release(_ name: AccountName) { ours[name] = nil }

    func isFree(_ name: AccountName, for externalID: String) -> Bool {
        others[name] == nil && ours[name].map { $0 == externalID } ?? true
    }

    /// Why a person cannot have a name; nil if they can.
    func obstacle(to name: AccountName, for externalID: String) -> String? {
        if isFree(name, for: externalID) { return nil }
        if let holder = others[name] {
            return "the name \(name) is held by \(holder); an account is linked only by an administrator's command"
        }
        if let holder = ours[name], holder != externalID {
            return "the name \(name) is held by the account of another entry of this directory, \(holder)"
        }
        return nil
    }
}
