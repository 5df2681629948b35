import AccessControl
import AccessModel

extension Account: StoredFact {
    static let table = FactTable(
        "accounts", key: ["id"],
        columns: [
            "kind", "name", "login", "full_name", "email", "active", "system_admin", "decision_reader",
            "create_on_push", "directory", "external_id", "dn", "full_name_digest", "email_digest", "dn_digest",
            "managed_by", "principal_name", "gone_since", "principal_name_digest", "repository_defaults",
            "resting",
        ])
    static let listing = table.select + " ORDER BY id"

    init(row: any SQLRow) throws(AccessError) {
        self.init(
            id: AccountID(rawValue: try row.requiredText(0)), kind: try row.word(1),
            name: AccountName(trusted: try row.requiredText(2)), login: row.text(3).map(AccountName.init(trusted:)),
            fullName: try row.requiredText(4), email: row.text(5), isActive: try row.flag(6),
            isSystemAdmin: try row.flag(7), isDecisionReader: try row.flag(8),
            createsRepositoriesOnPush: try row.flag(9),
            repositoryDefaults: try Self.defaults(row.text(20)),
            directory: try row.text(10).map { (name) throws(AccessError) in
                DirectoryLink(
                    directory: name, externalID: try row.requiredText(11), dn: try row.requiredText(12),
                    principalName: row.text(17), goneSince: row.integer(18).map(Timestamp.init(microseconds:)),
                    isResting: try row.flag(21))
            },
            managedBy: row.text(16))
    }

    /// nil for those that a namespace has from the beginning.
    private var toldDefaults: String? {
        repositoryDefaults == RepositoryDefaults() ? nil : repositoryDefaults.description
    }

    private static func defaults(_ text: String?) throws(AccessError) -> RepositoryDefaults {
        guard let text else { return RepositoryDefaults() }
        guard let defaults = RepositoryDefaults(text) else {
            throw .storage(.failed("defaults of repositories cannot be read: \(text)"))
        }
        return defaults
    }

    /// The digests of a row of `table.select`.
    static func digests(of row: any SQLRow) -> PersonalDigests {
        PersonalDigests(
            fullName: row.text(13), email: row.text(14), dn: row.text(15), principalName: row.text(19))
    }

    func row(_ digests: PersonalDigests) -> [SQLValue] {
        [
            .text(id.rawValue), .text(kind.rawValue), .text(name.rawValue), SQLValue(login?.rawValue),
            .text(fullName), SQLValue(email), SQLValue(isActive), SQLValue(isSystemAdmin),
            SQLValue(isDecisionReader), SQLValue(createsRepositoriesOnPush), SQLValue(directory?.directory),
            SQLValue(directory?.externalID), SQLValue(directory?.dn), SQLValue(digests.fullName),
            SQLValue(digests.email), SQLValue(digests.dn), SQLValue(managedBy), SQLValue(directory?.principalName),
            SQLValue(directory?.goneSince?.microseconds), SQLValue(digests.principalName),
            SQLValue(toldDefaults), SQLValue(directory?.isResting ?? false),
        ]
    }

    init(json: inout JSONObjectReader) throws(AccessError) {
        let isActive = try json.flag("active", default: true)
        let createsOnPush = try json.flag("create_on_push")
        let isDecisionReader = try json.flag("decision_reader")
        let directory = try json.optionalText("directory")
        let dn = try json.optionalText("dn")
        let email = try json.optionalText("email")
        let externalID = try json.optionalText("external_id")
        let fullName = try json.optionalText("full_name") ?? ""
        let goneSince = try json.optionalInteger("gone_since").map(Timestamp.init(microseconds:))
        self.init(
            id: AccountID(rawValue: try json.text("id")), kind: try json.word("kind"),
            name: AccountName(trusted: ""), fullName: fullName, email: email, isActive: isActive,
            isDecisionReader: isDecisionReader, createsRepositoriesOnPush: createsOnPush)
        login = try json.optionalText("login").map(AccountName.init(trusted:))
        managedBy = try json.optionalText("managed_by")
        name = AccountName(trusted: try json.text("name"))
        let principalName = try json.optionalText("principal_name")
        repositoryDefaults = try Self.defaults(try json.optionalText("repository_defaults"))
        let isResting = try json.flag("resting")
        isSystemAdmin = try json.flag("system_admin")
        if let directory {
            self.directory = DirectoryLink(
                directory: directory, externalID: externalID ?? "", dn: dn ?? "", principalName: principalName,
                goneSince: goneSince, isResting: isResting)
        }
    }

    func write(to json: inout JSONObjectWriter, _ digests: PersonalDigests) {
        json.member("active", isActive)
        json.member("create_on_push", createsRepositoriesOnPush)
        json.member("decision_reader", isDecisionReader)
        json.member("directory", directory?.directory)
        json.member("dn", digests.dn ?? directory.map { _ in "" })
        json.member("email", digests.email ?? email.map { _ in "" })
        json.member("external_id", directory?.externalID)
        json.member("full_name", digests.fullName ?? "")
        json.member("gone_since", directory?.goneSince?.microseconds)
        json.member("id", id.rawValue)
        json.member("kind", kind.rawValue)
        json.member("login", login?.rawValue)
        json.member("managed_by", managedBy)
        json.member("name", name.rawValue)
        json.member("principal_name", digests.principalName ?? directory?.principalName.map { _ in "" })
        json.member("repository_defaults", toldDefaults)
        if directory?.isResting == true { json.member("resting", true) }
        json.member("system_admin", isSystemAdmin)
    }

    var fact: Fact { .account(self) }
}
