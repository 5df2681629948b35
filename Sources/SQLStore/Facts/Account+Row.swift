import AccessControl
import AccessModel

extension Account: StoredFact {
    static let blank = Account(id: AccountID(rawValue: ""), kind: .user, name: AccountName(trusted: ""))
    static let table = FactTable("accounts", of: blank)
    static let listing = table.select + " ORDER BY id"

    mutating func code(_ coder: inout some FactCoder) throws(AccessError) {
        var link = LinkMembers(directory)
        var defaults = writtenDefaults
        try coder.flag("active", &isActive, default: true)
        try coder.flag("create_on_push", &createsRepositoriesOnPush)
        try coder.flag("decision_reader", &isDecisionReader)
        try coder.text("directory", &link.directory)
        try coder.personal("dn", &link.dn, coder.digests.dn)
        try coder.personal("email", &email, coder.digests.email)
        try coder.text("external_id", &link.externalID)
        try coder.personal("full_name", &fullName, coder.digests.fullName)
        try coder.time("gone_since", &link.goneSince)
        try coder.identity(.key("id"), &id)
        try coder.word("kind", &kind)
        try coder.name("login", &login)
        try coder.text("managed_by", &managedBy)
        try coder.name("name", &name)
        try coder.personal("principal_name", &link.principalName, coder.digests.principalName)
        try coder.text("repository_defaults", &defaults)
        try coder.flag("resting", &link.isResting, default: false, isSparse: true)
        try coder.flag("system_admin", &isSystemAdmin)
        directory = link.link
        repositoryDefaults = try Self.defaults(defaults)
    }

    /// nil for those that a namespace has from the beginning.
    private var writtenDefaults: String? {
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
        let (fullName, email, dn, principalName) = digestColumns
        return PersonalDigests(
            fullName: row.text(fullName), email: row.text(email), dn: row.text(dn),
            principalName: row.text(principalName))
    }

    private static let digestColumns = (
        table.place(of: "full_name_digest"), table.place(of: "email_digest"), table.place(of: "dn_digest"),
        table.place(of: "principal_name_digest")
    )

    var fact: Fact { .account(self) }
}

/// The members of a `DirectoryLink`, none of which is there without a directory.
private struct LinkMembers {
    var directory, externalID, dn, principalName: String?
    var goneSince: Timestamp?
    var isResting = false

    init(_ link: DirectoryLink?) {
        guard let link else { return }
        (directory, externalID, dn) = (link.directory, link.externalID, link.dn)
        (principalName, goneSince, isResting) = (link.principalName, link.goneSince, link.isResting)
    }

    var link: DirectoryLink? {
        directory.map {
            DirectoryLink(
                directory: $0, externalID: externalID ?? "", dn: dn ?? "", principalName: principalName,
                goneSince: goneSince, isResting: isResting)
        }
    }
}
