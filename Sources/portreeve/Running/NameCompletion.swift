import ArgumentParser
import StrictJSON

extension CompletionKind {
    static let users = names(.users)
    static let organizations = names(.organizations)
    /// Users and organisations.
    static let accounts = names(.organizations, .users)
    static let teams = names(.teams)
    static let repositories = names(.repositories)
    static let serviceAccounts = names(.serviceAccounts)
    /// Users and service accounts.
    static let principals = names(.serviceAccounts, .users)
    /// Those of grants that need no prefix.
    static let grantSubjects = names(.teams, .serviceAccounts)
    static let directories = names(.directories)
    static let roles = names(.roles)
    static let collections = names(.collections)

    private static func names(_ kinds: NameCompletion.Kind...) -> CompletionKind {
        .custom { words, _, prefix in await NameCompletion(kinds: kinds, prefix: prefix).names(words) }
    }
}

/// Completes a name for a shell, by asking where the command would work. What goes wrong completes nothing: a shell has no
/// place to say it.
struct NameCompletion {
    enum Kind: Sendable {
        case users, organizations, teams, repositories, serviceAccounts, directories, roles, collections
    }

    private static let patience = Duration.seconds(2)

    private let kinds: [Kind]
    /// Names before the one that is completed, with their commas.
    private let before: String
    private let text: String

    init(kinds: [Kind], prefix: String) {
        self.kinds = kinds
        before = prefix.lastIndex(of: ",").map { String(prefix[...$0]) } ?? ""
        text = String(prefix.dropFirst(before.count))
    }

    /// - Parameter words: the whole command line.
    func names(_ words: [String]) async -> [String] {
        let found = try? await withThrowingTaskGroup(of: [String].self) { group in
            group.addTask { try await ask(Self.connection(words)) }
            group.addTask {
                try await Task.sleep(for: Self.patience)
                return []
            }
            defer { group.cancelAll() }
            return try await group.next() ?? []
        }
        return (found ?? []).filter { $0.hasPrefix(text) }.map { before + $0 }.filter(Self.isHarmless)
    }

    /// Shells run what is in a word: nothing is given to one that is not of the letters of names, whoever sent it.
    private static func isHarmless(_ word: String) -> Bool {
        word.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                true
            default: "._-/+,:".utf8.contains(byte)
            }
        }
    }

    /// Where the command line says that it works. A service that is only being typed gets no credential.
    private static func connection(_ words: [String]) throws -> ConnectionOptions {
        guard !words.contains(where: { $0.hasPrefix("--server") }) else {
            throw CommandFailure.input("names are completed where you are logged in")
        }
        let names = ["--database", "--config", "--as"]
        var options: [String] = []
        for (place, word) in words.enumerated() {
            if names.contains(where: { word.hasPrefix("\($0)=") }) { options.append(word) }
            if names.contains(word), place + 1 < words.count { options += [word, words[place + 1]] }
        }
        return try ConnectionOptions.parse(options)
    }

    private func ask(_ connection: ConnectionOptions) async throws -> [String] {
        let transport = try await connection.open()
        do {
            let names = try await all(APIClient(transport: transport, suggestsNames: false))
            await transport.close()
            return names
        } catch {
            await transport.close()
            throw error
        }
    }

    /// Every name that the text may become, and others.
    func all(_ api: APIClient) async throws -> [String] {
        var names: [String] = []
        for kind in kinds { names += try await self.names(of: kind, api) }
        return names
    }

    private func names(of kind: Kind, _ api: APIClient) async throws -> [String] {
        switch kind {
        case .users: try await list(api, ["v1", "users"], [("contains", text)])
        case .organizations: try await list(api, ["v1", "orgs"], [("contains", text)])
        case .directories: try await list(api, ["v1", "directories"])
        case .roles: try await list(api, ["v1", "roles"])
        case .collections: try await api.list(APIPath.make("v1", "collections"), limit: 1_000).map(\.["path"].text)
        case .teams:
            try await below(api, "/") { owner, rest in
                try await list(api, ["v1", "orgs", owner, "teams"], [("contains", rest)])
            }
        case .repositories:
            try await below(api, "/") { owner, rest in
                try await list(api, ["v1", "repositories"], [("namespace", owner), ("contains", rest)])
            }
        case .serviceAccounts:
            try await below(api, "+") { owner, _ in
                try await api.list(try await ServiceAccountPath.ofAll(owner, api)).map(\.["name"].text)
            }
        }
    }

    /// Names that begin with their owner's: of the owner that is typed, or of the first organisations that it can become.
    private func below(
        _ api: APIClient, _ separator: Character, _ list: (_ owner: String, _ rest: String) async throws -> [String]
    ) async throws -> [String] {
        let parts = text.split(separator: separator, maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard parts.count < 2 else {
            return try await list(parts[0], parts[1]).map { "\(parts[0])\(separator)\($0)" }
        }
        let owners = try await names(of: .organizations, api).filter { $0.hasPrefix(text) }.prefix(5)
        var names: [String] = []
        for owner in owners { names += try await list(owner, "").map { "\(owner)\(separator)\($0)" } }
        return names
    }

    private func list(
        _ api: APIClient, _ path: [String], _ query: [(String, String?)] = []
    ) async throws -> [String] {
        let query = query.map { ($0.0, $0.1 == "" ? nil : $0.1) }
        return try await api.list(APIPath.make(path, query: query), limit: 200).map(\.["name"].text)
    }
}
