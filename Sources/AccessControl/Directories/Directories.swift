public import AccessModel

/// A directory as it is shown: without its password, which is never shown again.
public struct DirectoryView: Hashable, Sendable {
    public let directory: Directory
    public let hasPassword: Bool
}

/// Makes or replaces a directory. Its password is kept encrypted; without one in the input the
/// kept one stays, unless the settings would send it elsewhere.
public struct PutDirectory: Command {
    public var name: String
    public var input: DirectoryInput
    public var condition: Precondition
    let secretBox: any SecretBox

    public func perform(in context: WriteContext) throws(AccessError) -> PutResult<DirectoryView> {
        try context.require(.administer, to: "manage directories")
        do throws(NameError) { _ = try TeamName(name, kind: "directory name") } catch {
            throw AccessError(error, field: "name")
        }
        do throws(DirectorySettingsError) { try input.settings.validate() } catch {
            throw .invalid(field: error.field, value: error.value.isEmpty ? nil : error.value, reason: error.reason)
        }
        let fact = Fact.directory(Directory(name: name, settings: input.settings))
        let known = try context.writer.directory(named: name)
        // The same password for the same settings is no change, and may be sealed anew each time.
        var given = input.password
        if known?.value.settings == input.settings, try keepsPassword(context) { given = nil }
        let sealed = try given.map { (password) throws(AccessError) in try seal(password) }
        guard let stored = known else {
            try context.expect(0, meets: condition)
            if let bind = input.settings.bind, bind.passwordFile == nil, sealed == nil {
                throw .invalid(field: "bind.password", value: nil, reason: "give the password, or a password_file")
            }
            let revision = try context.insert(fact, secret: sealed)
            return PutResult(value: view(sealed != nil), revision: revision, isNew: true)
        }
        try context.expect(stored.revision, meets: condition)
        let hadPassword = try context.writer.directorySecret(name) != nil
        if sealed == nil, input.settings.bind != nil, input.settings.bind?.passwordFile == nil,
            !(hadPassword && input.settings.mayKeepPassword(of: stored.value.settings))
        {
            throw .invalid(
                field: "bind.password", value: nil,
                reason: hadPassword
                    ? "the URLs, TLS or the bind DN change, so the kept password may not go there: give it again"
                    : "give the password, or a password_file")
        }
        // A password is kept only for where it was given to: forgotten here, it cannot be sent
        // elsewhere by a later change.
        let keeps = input.settings.bind != nil && input.settings.bind?.passwordFile == nil
        let secret = sealed ?? (hadPassword && !keeps ? [] : nil)
        // How far another directory is says nothing of this one.
        let isElsewhere = !input.settings.isSameDirectory(as: stored.value.settings)
        let groups = try context.writer.knownGroups(of: name, settings: stored.revision) ?? []
        if isElsewhere { try context.writer.deleteReadings(of: name) }
        let revision = try context.update(.directory(stored.value), to: fact, secret: secret)
        if let revision, !isElsewhere {
            // Rules that are as they were go on following their groups; what else these fed is meant to be read anew.
            let followed = groups.compactMap { $0.followed(by: input.settings.rules) }
            if !followed.isEmpty { try context.writer.upsert(followed, of: name, settings: revision) }
        }
        return PutResult(
            value: view(sealed != nil || hadPassword && keeps), revision: revision ?? stored.revision, isNew: false)
    }

    /// Whether the password that is given is the one that is kept.
    private func keepsPassword(_ context: WriteContext) throws(AccessError) -> Bool {
        guard let password = input.password, let sealed = try context.writer.directorySecret(name) else { return false }
        return (try? secretBox.open(sealed, context: "directory:\(name)")) == password
    }

    private func view(_ hasPassword: Bool) -> DirectoryView {
        DirectoryView(directory: Directory(name: name, settings: input.settings), hasPassword: hasPassword)
    }

    private func seal(_ password: String) throws(AccessError) -> [UInt8] {
        do {
            return try secretBox.seal(password, context: "directory:\(name)")
        } catch {
            throw .storage(.failed("the key file for secrets cannot be used"))
        }
    }
}

extension DirectorySynchronization {
    /// Makes or replaces a directory.
    public func putDirectory(
        _ name: String, _ input: DirectoryInput, condition: Precondition = .none, as caller: Caller
    ) async throws(AccessError) -> Committed<PutResult<DirectoryView>> {
        try await transactions.perform(
            PutDirectory(name: name, input: input, condition: condition, secretBox: directories.secretBox), as: caller)
    }
}

extension DirectorySettings {
    /// Whether the same servers are asked about the same parts.
    fileprivate func isSameDirectory(as other: DirectorySettings) -> Bool {
        urls == other.urls && users.base == other.users.base && groups.base == other.groups.base
    }
}

/// Forgets a directory. Refused while accounts are linked to it: they would be nobody's.
public struct DeleteDirectory: Command {
    public var name: String
    public var condition: Precondition

    public init(name: String, condition: Precondition = .none) {
        self.name = name
        self.condition = condition
    }

    public func perform(in context: WriteContext) throws(AccessError) {
        try context.require(.administer, to: "manage directories")
        guard let stored = try context.writer.directory(named: name) else {
            throw .notFound(kind: "directory", name: name)
        }
        try context.expect(stored.revision, meets: condition)
        let linked = try context.writer.accounts(linkedTo: name).count
        guard linked == 0 else {
            throw .conflict(
                code: .directoryInUse,
                detail: "\(linked) accounts come from \"\(name)\": delete them first, or keep the directory")
        }
        try releaseWhatItManages(context)
        try context.writer.deleteReadings(of: name)
        try context.delete(.directory(stored.value))
    }

    /// People of other directories may be members by it, and its patterns may have made organisations: what
    /// nobody would keep any more becomes what a person made.
    private func releaseWhatItManages(_ context: WriteContext) throws(AccessError) {
        let (writer, reason) = (context.writer, "the directory \(name) was deleted")
        for var member in try writer.organizationMembers() where member.managedBy == name {
            let before = member
            member.managedBy = nil
            try context.update(.organizationMember(before), to: .organizationMember(member), reason: reason)
        }
        for var member in try writer.teamMembers() where member.managedBy == name {
            let before = member
            member.managedBy = nil
            try context.update(.teamMember(before), to: .teamMember(member), reason: reason)
        }
        for var account in try writer.accounts(.organization, .all).map(\.value) {
            for var team in try writer.teams(of: account.id, .all).map(\.value) where team.managedBy == name {
                let before = team
                team.managedBy = nil
                try context.update(.team(before), to: .team(team), reason: reason)
            }
            guard account.managedBy == name else { continue }
            let before = account
            account.managedBy = nil
            try context.update(.account(before), to: .account(account), reason: reason)
        }
    }
}

/// One directory.
public struct GetDirectory: Query {
    public var name: String

    public init(name: String) { self.name = name }

    public func answer(in context: ReadContext) throws(AccessError) -> Stored<DirectoryView> {
        try context.require(.administer, to: "read directories")
        guard let stored = try context.reader.directory(named: name) else {
            throw .notFound(kind: "directory", name: name)
        }
        let hasPassword = try context.reader.directorySecret(name) != nil
        return Stored(DirectoryView(directory: stored.value, hasPassword: hasPassword), revision: stored.revision)
    }
}

/// All directories, ordered by name.
public struct ListDirectories: Query {
    public init() {}

    public func answer(in context: ReadContext) throws(AccessError) -> [Stored<DirectoryView>] {
        try context.require(.administer, to: "read directories")
        var views: [Stored<DirectoryView>] = []
        for stored in try context.reader.directories() {
            let hasPassword = try context.reader.directorySecret(stored.value.name) != nil
            views.append(
                Stored(DirectoryView(directory: stored.value, hasPassword: hasPassword), revision: stored.revision))
        }
        return views
    }
}
