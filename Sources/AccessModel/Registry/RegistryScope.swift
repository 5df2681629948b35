/// One resource of a registry token request, `repository:nerd-dinner/web:pull,push`, as in the
/// distribution specification "Token scope documentation".
public struct RegistryScope: Hashable, Sendable {
    /// Without its class, as in `repository(plugin)`, which decides nothing.
    public let type: String
    public let name: String
    /// In the order given, without repeats.
    public let actions: [String]

    /// Bytes of one scope that mean anything: no repository has a longer name.
    public static let lengthLimit = 1_024
    /// Actions of one scope that count. Registries know four.
    public static let actionLimit = 16

    /// Splits at the first and the last colon: a name may hold a host with a port. nil when
    /// there are not two colons, a part is empty, or the text is not ASCII or too long.
    public init?(_ text: some StringProtocol) {
        let text = String(text)
        let bytes = text.utf8
        guard bytes.count <= Self.lengthLimit, bytes.allSatisfy({ $0 < 0x80 }) else { return nil }
        let colon = UInt8(ascii: ":")
        guard let first = bytes.firstIndex(of: colon), let last = bytes.lastIndex(of: colon), first < last else {
            return nil
        }
        var type = text[..<first]
        if type.last == ")", let open = type.firstIndex(of: "("),
            type.index(after: open) < type.index(before: type.endIndex)
        {
            type = type[..<open]
        }
        let name = text[bytes.index(after: first)..<last]
        guard !type.isEmpty, !name.isEmpty else { return nil }
        self.type = String(type)
        self.name = String(name)
        var actions: [String] = []
        for action in text[bytes.index(after: last)...].split(separator: ",", maxSplits: Self.actionLimit)
            .prefix(Self.actionLimit).map(String.init) where !actions.contains(action)
        {
            actions.append(action)
        }
        self.actions = actions
    }

    public init(type: String, name: String, actions: [String]) {
        self.type = type
        self.name = name
        self.actions = actions
    }

    /// How many scopes of one request count. Clients ask for a few.
    public static let limit = 256

    /// Every scope in the values of a `scope` parameter, which may be repeated and may hold
    /// several separated by spaces; the first 256. What does not parse is left out: it grants nothing.
    public static func parse(_ values: some Sequence<String>) -> [RegistryScope] {
        var scopes: [RegistryScope] = []
        var count = 0
        for value in values {
            for text in value.split(separator: " ", maxSplits: limit) {
                guard count < limit else { return scopes }
                count += 1
                if let scope = RegistryScope(text) { scopes.append(scope) }
            }
        }
        return scopes
    }
}

/// What a registry token lets its holder do with one resource.
public struct RegistryAccess: Hashable, Sendable, Codable {
    public var type: String
    public var name: String
    public var actions: [String]

    public init(type: String, name: String, actions: [String]) {
        self.type = type
        self.name = name
        self.actions = actions
    }
}

/// The access of a token, and the end of the earliest grant it rests on.
public struct RegistryGrant: Hashable, Sendable {
    public var access: [RegistryAccess]
    public var validUntil: Timestamp?
}

extension AccessGraph {
    /// What `principal` gets of `scopes` at `now`: never more than a check would allow, nor than the `limit` of
    /// their token, and an entry for each resource that gives anything, in the order asked for.
    public func registryGrant(
        for principal: Principal, scopes: [RegistryScope], limit: TokenScope? = nil, at now: Timestamp
    ) -> RegistryGrant {
        var result = RegistryGrant(access: [], validUntil: nil)
        for scope in scopes {
            let granted =
                switch scope.type {
                case "repository": repositoryActions(for: principal, scope: scope, limit, at: now)
                case "registry" where limit == nil: catalogActions(for: principal, scope: scope)
                default: RegistryGrantedActions()
                }
            guard !granted.actions.isEmpty else { continue }
            if let end = granted.validUntil { result.validUntil = min(end, result.validUntil ?? end) }
            if let place = result.access.firstIndex(where: { $0.type == scope.type && $0.name == scope.name }) {
                for action in granted.actions where !result.access[place].actions.contains(action) {
                    result.access[place].actions.append(action)
                }
            } else {
                result.access.append(RegistryAccess(type: scope.type, name: scope.name, actions: granted.actions))
            }
        }
        return result
    }

    private struct RegistryGrantedActions {
        var actions: [String] = []
        var validUntil: Timestamp?
    }

    private func repositoryActions(
        for principal: Principal, scope: RegistryScope, _ limit: TokenScope?, at now: Timestamp
    ) -> RegistryGrantedActions {
        var granted = RegistryGrantedActions()
        guard let path = try? RepositoryPath(scope.name) else { return granted }
        for action in RegistryAction.allCases
        where scope.actions.contains(action.rawValue) || scope.actions.contains("*") {
            guard limit?.allows(action, on: path) ?? true else { continue }
            let decision = check(principal, action.action, path, at: now)
            guard decision.isAllowed else { continue }
            granted.actions.append(action.rawValue)
            if let end = decision.validUntil { granted.validUntil = min(end, granted.validUntil ?? end) }
        }
        return granted
    }

    /// The registry lists its whole catalogue or nothing, so it is for system administrators.
    private func catalogActions(for principal: Principal, scope: RegistryScope) -> RegistryGrantedActions {
        guard scope.name == "catalog", scope.actions.contains("*"),
            case .user(let user) = principals.index(of: principal),
            principals.accounts.has([.isSystemAdmin, .isActive], user)
        else { return RegistryGrantedActions() }
        return RegistryGrantedActions(actions: ["*"])
    }
}
