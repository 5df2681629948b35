import AccessControl
import AccessModel

extension AccessToken: StoredFact {
    static let blank = AccessToken(
        id: TokenID(rawValue: ""), holder: .user(AccountID(rawValue: "")), name: "",
        createdAt: Timestamp(microseconds: 0))
    static let table = FactTable("tokens", of: blank, owner: "account_id", secret: "digest")
    static let listing = table.select + " ORDER BY id"

    mutating func code(_ coder: inout some FactCoder) throws(AccessError) {
        var holder = HolderMembers(self.holder)
        var (service, directoryPasswordTime, scope) = (
            login?.service, login?.directoryPasswordTime, self.scope?.description
        )
        var may = self.may == .none ? nil : self.may.description
        try holder.codeUser(&coder)
        try coder.time("created_at", &createdAt)
        try coder.time("expires_at", &expiresAt)
        try coder.identity(.key("id"), &id)
        try coder.identity("made_by", &madeBy)
        try coder.text("may", &may)
        try coder.text("name", &name)
        try coder.text("password_set", &directoryPasswordTime)
        try coder.text("registry_service", &service)
        try coder.identity("rotated_to", &rotatedTo)
        try coder.text("scope", &scope)
        try holder.codeServiceAccount(&coder)
        guard let known = holder.holder else { throw coder.damaged("service_account") }
        self.holder = known
        login = service.map { RegistryLogin(service: $0, directoryPasswordTime: directoryPasswordTime) }
        do {
            self.scope = try scope.map { (text) throws(NameError) in try TokenScope(text) }
            self.may = try may.map { (text) throws(NameError) in try TokenRights(text) } ?? .none
        } catch {
            throw .storage(.failed("a token cannot be read: \(error)"))
        }
    }

    var fact: Fact { .accessToken(self) }
}

/// A holder: an entry has its identity under the name of its kind, and a row beside its kind.
private struct HolderMembers {
    private var user: String?
    private var serviceAccount: String?

    init(_ holder: TokenHolder?) { set(holder) }

    private mutating func set(_ holder: TokenHolder?) {
        switch holder {
        case .user(let id): (user, serviceAccount) = (id.rawValue, nil)
        case .serviceAccount(let id): (user, serviceAccount) = (nil, id.rawValue)
        case nil: (user, serviceAccount) = (nil, nil)
        }
    }

    var holder: TokenHolder? {
        if let user { return .user(AccountID(rawValue: user)) }
        return serviceAccount.map { .serviceAccount(ServiceAccountID(rawValue: $0)) }
    }

    mutating func codeUser<Coder: FactCoder>(_ coder: inout Coder) throws(AccessError) {
        guard !Coder.isLog else { return try coder.text("account", &user) }
        var (id, kind) = (holder?.id ?? "", holder?.kind ?? "")
        try coder.text("account_id", &id)
        try coder.text("holder_kind", &kind)
        set(TokenHolder(kind: kind, id: id))
    }

    mutating func codeServiceAccount<Coder: FactCoder>(_ coder: inout Coder) throws(AccessError) {
        if Coder.isLog { try coder.text("service_account", &serviceAccount) }
    }
}
