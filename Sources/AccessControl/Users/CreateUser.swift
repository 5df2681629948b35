public import AccessModel

/// Makes a local user. Their password is set with `Authentication.setPassword`, or by giving
/// the hash here.
public struct CreateUser: Command {
    public var name: AccountName
    public var fields: UserFields
    /// In PHC string format.
    public var passwordHash: String?

    public init(name: AccountName, fields: UserFields = UserFields(), passwordHash: String? = nil) {
        self.name = name
        self.fields = fields
        self.passwordHash = passwordHash
    }

    public func perform(in context: WriteContext) throws(AccessError) -> Stored<Account> {
        try context.require(.administer, to: "make users")
        try context.requireFreeName(name)
        var account = Account(id: context.newIdentifier(), kind: .user, name: name)
        fields.apply(to: &account)
        try Account.check(fullName: account.fullName, email: account.email)
        var revision = try context.insert(.account(account))
        if let passwordHash {
            let password = Password(account: account.id, changedAt: context.now)
            revision = try context.insert(.password(password), secret: Array(passwordHash.utf8))
        }
        return Stored(account, revision: revision)
    }
}

extension WriteContext {
    /// Refuses a name that an account has, or had: images may still lie under it.
    func requireFreeName(_ name: AccountName) throws(AccessError) {
        guard !AccountName.wordsOfPaths.contains(name.rawValue) else {
            throw .invalid(field: "name", value: name.rawValue, reason: "it is a word of the API: choose another name")
        }
        if let id = graph.accountID(named: name), let taken = try rows.account(id)?.value {
            let kind = taken.kind == .user ? "a user" : "an organisation"
            throw .conflict(code: .nameTaken, detail: "\"\(name)\" is \(kind) already: choose another name")
        }
        let taken = try takenName(name)
        if taken.asLogin {
            throw .conflict(code: .nameTaken, detail: "somebody logs in as \"\(name)\": choose another name")
        }
        if taken.asRetired {
            throw .conflict(
                code: .nameRetired,
                detail: "\"\(name)\" belonged to a deleted account, and images may still lie under it: once the "
                    + "registry holds none, free it with `portreeve retired-name free \(name)` (DELETE /v1/retired-names/\(name))"
            )
        }
    }
}

extension Account {
    static func check(fullName: String, email: String?) throws(AccessError) {
        guard fullName.unicodeScalars.count <= 400,
            !fullName.unicodeScalars.contains(where: { $0.properties.isControl })
        else {
            throw .invalid(
                field: "full_name", value: fullName, reason: "use at most 400 characters, without control characters")
        }
        guard let email else { return }
        guard email.unicodeScalars.count <= 254, email.contains("@"),
            !email.unicodeScalars.contains(where: { $0.properties.isControl })
        else { throw .invalid(field: "email", value: email, reason: "this is not an e-mail address") }
    }
}

extension Unicode.Scalar.Properties {
    /// C0 and C1 controls: nothing that belongs into a line of text.
    var isControl: Bool { generalCategory == .control }
    /// Whether it is not seen, or moves what is: controls, marks of direction and of format, ends of lines.
    var isUnseen: Bool {
        switch generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: true
        default: false
        }
    }
}

extension String {
    /// Whether it can be read as it is in a list: something that is seen, and nothing that is not.
    var isPlainText: Bool {
        unicodeScalars.contains { !$0.properties.isWhitespace } && !unicodeScalars.contains { $0.properties.isUnseen }
    }
}
