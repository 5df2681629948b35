public import AccessModel

extension Authentication {
    /// Sets a user's password. One's own needs the old one; a token may not; a directory's
    /// people have theirs there.
    public func setPassword(
        of name: AccountName, to new: String, old: String?, as caller: Caller, address: String
    ) async throws(AccessError) -> Committed<Void> {
        if case .token = caller.proof {
            throw .forbidden("a token may not change passwords: log in with the password (--login NAME)")
        }
        try Self.check(password: new)
        let account = try await transactions.ask(GetUser(name: name), as: caller).value.account
        if caller.actor == .user(account.id) {
            guard let old else {
                throw .invalid(field: "old_password", value: nil, reason: "give the present password")
            }
            let login = account.login?.rawValue ?? name.rawValue
            guard try await isPassword(old, of: login, as: caller, address: address) else {
                throw .forbidden("the old password is wrong")
            }
        } else if !published.current.allows(caller.actor, .administer, at: clock.now) {
            throw .forbidden("you may not set the password of \(name)")
        }
        return try await transactions.perform(SetPassword(name: name, hash: try await hash(new)), as: caller)
    }

    /// Whether the caller, who is logged in, knows the password too; a token is none.
    private func isPassword(
        _ secret: String, of login: String, as caller: Caller, address: String
    ) async throws(AccessError) -> Bool {
        do throws(AccessError) {
            let proven = try await authenticate(login: login, secret: secret, address: address)
            return proven.actor == caller.actor && proven.proof == .password
        } catch {
            guard case .unauthenticated = error else { throw error }
            return false
        }
    }

    /// Makes a user, with a password if one is given. Hashing is costly, so the right to make
    /// users is asked for before as well as in the command.
    public func createUser(
        _ command: CreateUser, password: String?, as caller: Caller, dryRun: Bool = false
    ) async throws(AccessError) -> Committed<Stored<Account>> {
        var command = command
        if password != nil, case .token = caller.proof {
            throw .forbidden(
                "a token may not set passwords: log in with the password (--login NAME), or make the user without one")
        }
        if let password, published.current.allows(caller.actor, .administer, at: clock.now) {
            command.passwordHash = try await hash(password)
        }
        return try await transactions.perform(command, as: caller, dryRun: dryRun)
    }

    /// The hash of a password that was checked.
    /// - Parameter client: for whom, as clients take turns at hashing.
    public func hash(_ password: String, for client: String = "") async throws(AccessError) -> String {
        try Self.check(password: password)
        do {
            return try await hasher.hash(password, for: client)
        } catch {
            throw .tooManyAttempts(retryAfter: 1)
        }
    }

    /// 8 to 1,024 characters, no composition rules (NIST SP 800-63B 5.1.1.2).
    static func check(password: String) throws(AccessError) {
        guard (8...1_024).contains(password.unicodeScalars.count) else {
            throw .invalid(field: "password", value: nil, reason: "use 8 to 1,024 characters")
        }
        guard !password.hasPrefix("prt_") else {
            throw .invalid(field: "password", value: nil, reason: "\"prt_\" begins tokens: choose another beginning")
        }
    }
}

/// Keeps a password's hash.
struct SetPassword: Command {
    let name: AccountName
    let hash: String

    func perform(in context: WriteContext) throws(AccessError) {
        let user = try context.user(name).value
        try context.require(.editProfile(user.id), to: "set the password of \(name)")
        if let link = user.directory {
            throw .conflict(
                code: .directoryManaged,
                detail: "the password of \(name) is kept by the directory \"\(link.directory)\": change it there")
        }
        let after = Password(account: user.id, changedAt: context.now)
        try context.endRegistryLogins(of: user.id, reason: "the password was changed")
        if let before = try context.writer.password(of: user.id)?.password {
            try context.update(.password(before), to: .password(after), secret: Array(hash.utf8))
        } else {
            try context.insert(.password(after), secret: Array(hash.utf8))
        }
    }
}
