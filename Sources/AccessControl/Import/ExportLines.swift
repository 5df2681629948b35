import AccessModel
public import Foundation

extension Transactions {
    /// Everything in the import format.
    public func export(as caller: Caller) async throws(AccessError) -> Data {
        try await longReadings.pass(caller.actor) { () async throws(AccessError) in
            try await ask(ExportLines(), as: caller)
        }
    }
}

/// Everything in the import format, in an order in which it can be imported: the same facts
/// give the same bytes.
public struct ExportLines: Query {
    public init() {}

    public func answer(in context: ReadContext) throws(AccessError) -> Data {
        try context.require(.administer, to: "export")
        var lines = LineWriter()
        let reader = context.reader
        let users = try reader.accounts(.user, .all).map(\.value)
        let organizations = try reader.accounts(.organization, .all).map(\.value)
        for user in users {
            try lines.write(
                .user(
                    .init(
                        name: user.name, fullName: user.fullName, email: .some(user.email), isActive: user.isActive,
                        isSystemAdmin: user.isSystemAdmin, isDecisionReader: user.isDecisionReader)))
        }
        for organization in organizations {
            try lines.write(.organization(.init(name: organization.name, fullName: organization.fullName)))
        }
        for organization in organizations { try write(organization, to: &lines, from: reader) }
        let accounts = (users + organizations).sorted { $0.name < $1.name }
        for account in accounts {
            for service in try reader.serviceAccounts(of: account.id).map(\.value) {
                try lines.write(
                    .serviceAccount(
                        .init(
                            owner: account.name, name: service.name, description: service.description,
                            isActive: service.isActive, isDecisionReader: service.isDecisionReader,
                            expiresAt: .some(service.expiresAt))))
            }
        }
        for account in accounts {
            for repository in try reader.repositories(in: account.id, .all).map(\.value) {
                let path = RepositoryPath(trustedNamespace: account.name, name: repository.name)
                try lines.write(
                    .repository(
                        .init(path: path, visibility: repository.visibility, description: repository.description)))
            }
        }
        for account in accounts {
            try writeGrants(on: .namespace(account.id), named: .namespace(account.name), to: &lines, in: context)
            for repository in try reader.repositories(in: account.id, .all).map(\.value) {
                let path = RepositoryPath(trustedNamespace: account.name, name: repository.name)
                try writeGrants(on: .repository(repository.id), named: .repository(path), to: &lines, in: context)
            }
        }
        // Last, so that what is imported does not begin with them.
        for account in accounts {
            let view = try context.view(account)
            guard view.createsRepositoriesOnPush || view.visibility != .private || !view.grants.isEmpty else {
                continue
            }
            try lines.write(
                .namespace(
                    .init(
                        name: account.name, createsOnPush: view.createsRepositoriesOnPush, visibility: view.visibility,
                        grants: view.grants)))
        }
        return lines.bytes
    }

    private func write(
        _ organization: Account, to lines: inout LineWriter, from reader: any StoreReader
    ) throws(AccessError) {
        for member in try reader.members(of: organization.id, .all) {
            try lines.write(
                .organizationMember(
                    .init(organization: organization.name, user: member.user, role: member.membership.role)))
        }
        let teams = Self.parentsFirst(try reader.teams(of: organization.id, .all).map(\.value))
        let names = Dictionary(uniqueKeysWithValues: teams.map { ($0.id, $0.name) })
        for team in teams {
            try lines.write(
                .team(
                    .init(
                        organization: organization.name, name: team.name, description: team.description,
                        parent: .some(team.parent.flatMap { names[$0] }))))
        }
        for team in teams {
            for member in try reader.members(of: team.id, .all) {
                try lines.write(
                    .teamMember(
                        .init(
                            organization: organization.name, team: team.name, user: member.user,
                            role: member.membership.role)))
            }
        }
    }

    private func writeGrants(
        on target: GrantTarget, named name: TargetName, to lines: inout LineWriter, in context: ReadContext
    ) throws(AccessError) {
        var views: [GrantView] = []
        for grant in try context.reader.grants(on: target) {
            if let view = try context.view(grant.value, on: name) { views.append(view) }
        }
        // An ended grant gives nothing and cannot be imported.
        views.removeAll { $0.expiresAt.map { $0 <= context.now } ?? false }
        for view in views.sorted(by: { $0.subject.description < $1.subject.description }) {
            try lines.write(
                .grant(.init(subject: view.subject, target: view.target, level: view.level, expiresAt: view.expiresAt)))
        }
    }

    /// A line names things only that came before it.
    private static func parentsFirst(_ teams: [Team]) -> [Team] {
        var sorted: [Team] = []
        var known: Set<TeamID> = []
        var left = teams
        while !left.isEmpty {
            let ready = left.filter { $0.parent.map(known.contains) ?? true }
            guard !ready.isEmpty else { return sorted + left }
            sorted += ready
            known.formUnion(ready.map(\.id))
            left.removeAll { known.contains($0.id) }
        }
        return sorted
    }
}

/// Collects lines of JSON with sorted members.
private struct LineWriter {
    private(set) var bytes = Data()
    private let encoder = JSONEncoder()

    init() { encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes] }

    mutating func write(_ line: ImportLine) throws(AccessError) {
        do {
            bytes.append(try encoder.encode(line))
            bytes.append(UInt8(ascii: "\n"))
        } catch {
            throw .storage(.failed("a line could not be written as JSON"))
        }
    }
}
