import AccessControl
import AccessModel
import HTTPSupport
import Hummingbird

/// Path parameters that give an identity, as `id:6c5fwrq91an2ec2`, where others give a name. What has an owner is found
/// with `-` for its owner, too: `/v1/repositories/-/id:6c5fwrq91an2ec2`.
struct PathIdentities {
    private struct Parameter {
        let name: String
        let kind: FindName.Kind
        /// The parameter with the name of the owner.
        let owner: String?
    }

    private let parameters: [Parameter]

    /// - Parameter template: `orgs/{org}/teams/{team}`.
    init(in template: String) {
        let segments = template.split(separator: "/")
        let names = segments.map { $0.hasPrefix("{") ? String($0.dropFirst().dropLast()) : nil }
        let account = names.compactMap(\.self).first { Self.accounts[$0] != nil }
        parameters = names.indices.compactMap { place in
            guard let name = names[place] else { return nil }
            if let kind = Self.accounts[name] { return Parameter(name: name, kind: kind, owner: nil) }
            let kind: FindName.Kind? =
                switch (name, place > 0 ? segments[place - 1] : "") {
                case ("team", _), ("subject", "teams"): .team
                case ("service", _), ("subject", "service-accounts"): .serviceAccount
                case ("subject", "users"): .user
                case ("name", "{namespace}"): .repository
                default: nil
                }
            return kind.map { Parameter(name: name, kind: $0, owner: $0 == .user ? nil : account) }
        }
    }

    private static let accounts: [String: FindName.Kind] = [
        "user": .user, "org": .organization, "namespace": .account,
    ]

    /// The context with names for the identities; they are names that the caller may know. A name that is given away at that very
    /// moment is another one's: who writes and cannot have that sends `If-Match`.
    func named(_ context: AuthenticatedContext, _ service: AccessService) async throws -> AuthenticatedContext {
        var context = context
        for parameter in parameters {
            guard let query = FindName(parameter.kind, try context.parameter(parameter.name)) else { continue }
            let found = try await service.transactions.ask(query, as: context.caller)
            context.coreContext.parameters[parameter.name[...]] = found.name[...]
            guard let owner = parameter.owner, let name = found.owner?.rawValue else { continue }
            let given = try context.parameter(owner)
            guard given == "-" || given == name else { throw query.notFound }
            context.coreContext.parameters[owner[...]] = name[...]
        }
        return context
    }
}

extension RESTAPI {
    /// The account that a query names, or gives the identity of.
    func accountName(
        _ field: Substring, in request: Request, _ context: AuthenticatedContext
    ) async throws -> AccountName? {
        guard var text = request.text(field) else { return nil }
        if let query = FindName(.account, text) {
            text = try await service.transactions.ask(query, as: context.caller).name
        }
        do { return try AccountName(text) } catch {
            throw AccessError.invalid(field: String(field), value: error.value, reason: error.reason)
        }
    }
}

extension FindName {
    /// nil for a name.
    fileprivate init?(_ kind: Kind, _ text: String) {
        guard text.hasPrefix("id:") else { return nil }
        self.init(kind, identity: String(text.dropFirst(3)))
    }
}
