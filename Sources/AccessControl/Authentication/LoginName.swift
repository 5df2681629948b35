import AccessModel

/// What somebody typed to say who they are: `elton`, `CORP\elton` or `elton@corp.example.com`, or
/// `nerd-dinner+ci` for a service account, in any case. Only the letters of ASCII have two: the Kelvin sign is
/// no `k`, and nothing is trimmed.
struct LoginName: Hashable, Sendable {
    /// As typed, in lower case.
    let text: String
    private let form: Form

    private enum Form: Hashable {
        case plain
        case domain(String, user: String)
        case principal(user: String, suffix: String)
        case serviceAccount(owner: String, name: String)
    }

    init(_ typed: String) {
        text = typed.lowercasedASCII
        if let mark = text.firstIndex(of: "\\") {
            form = .domain(String(text[..<mark]), user: String(text[text.index(after: mark)...]))
        } else if let mark = text.lastIndex(of: "@") {
            form = .principal(user: String(text[..<mark]), suffix: String(text[text.index(after: mark)...]))
        } else if let mark = text.firstIndex(of: "+") {
            form = .serviceAccount(owner: String(text[..<mark]), name: String(text[text.index(after: mark)...]))
        } else {
            form = .plain
        }
    }

    /// The login in it, which wrong guesses are counted under.
    var user: String {
        switch form {
        case .plain, .serviceAccount: text
        case .domain(_, let user), .principal(let user, _): user
        }
    }

    /// What to ask a directory for, if this name can be one of its people's.
    func asked(of directory: DirectorySettings) -> DirectoryLogin? {
        switch form {
        case .plain: directory.name(text)
        case .serviceAccount: nil
        case .domain(let domain, let user): directory.isNamed(domain) ? directory.name(user) : nil
        case .principal(let user, let suffix):
            if !directory.attributes.principalName.isEmpty {
                .principalName(text)
            } else {
                directory.domainName == suffix ? directory.name(user) : nil
            }
        }
    }

    /// Whether this names the holder of a token.
    func names(_ holder: TokenHolder, in reader: any StoreReader) throws(AccessError) -> Bool {
        switch (holder, form) {
        case (.serviceAccount(let id), .serviceAccount(let owner, let name)):
            guard let service = try reader.serviceAccount(id)?.value, service.name.rawValue == name else {
                return false
            }
            return try reader.account(service.owner)?.value.name.rawValue == owner
        case (.user(let id), .plain), (.user(let id), .domain), (.user(let id), .principal):
            return try account(in: reader)?.id == id
        default:
            return false
        }
    }

    /// The one user that this names.
    func account(in reader: any StoreReader) throws(AccessError) -> Account? {
        switch form {
        case .plain:
            return try user(text, in: reader) { _ in true }
        case .serviceAccount:
            return nil
        case .domain(let domain, let name):
            return try user(name, in: reader) { $0.isNamed(domain) }
        case .principal(let name, let suffix):
            let named = try reader.users(withPrincipalName: text)
            if !named.isEmpty { return named.count == 1 ? named[0] : nil }
            return try user(name, in: reader) { $0.domainName == suffix }
        }
    }

    private func user(
        _ login: String, in reader: any StoreReader, where isMeant: (DirectorySettings) -> Bool
    ) throws(AccessError) -> Account? {
        guard let name = try? AccountName(login), let account = try reader.user(withLogin: name)?.value else {
            return nil
        }
        if case .plain = form { return account }
        guard let link = account.directory, let settings = try reader.directory(named: link.directory)?.value.settings
        else { return nil }
        return isMeant(settings) ? account : nil
    }
}

extension DirectorySettings {
    /// `corp.example.com`, made of the domain components of the base for users; nil if it has none.
    var domainName: String? {
        let labels = (DistinguishedName(users.base)?.normalized ?? "").split(separator: ",")
            .filter { $0.hasPrefix("dc=") }.map { $0.dropFirst(3) }
        return labels.isEmpty ? nil : labels.joined(separator: ".")
    }

    /// nil for what no account can be called, which no directory needs to be asked.
    fileprivate func name(_ login: String) -> DirectoryLogin? { (try? AccountName(login)).map { .name($0.rawValue) } }

    /// Whether `CORP` in `CORP\elton` means this directory.
    fileprivate func isNamed(_ domain: String) -> Bool {
        let short = netBIOSName?.lowercasedASCII ?? domainName?.split(separator: ".").first.map(String.init)
        return domain == short || domain == domainName
    }
}

extension DirectoryLogin {
    /// Whether a person has this name to the letter, but for the case of ASCII.
    func isExactly(of person: DirectoryUser) -> Bool {
        let (name, own) =
            switch self {
            case .name(let name): (name, person.login)
            case .principalName(let name): (name, person.principalName)
            }
        return own?.lowercasedASCII.utf8.elementsEqual(name.utf8) ?? false
    }
}
