/// The name that may have been meant by one that there is not, among those that the caller may see.
enum NearestName {
    private static let kinds: [Substring: [NameCompletion.Kind]] = [
        "user": [.users], "organisation": [.organizations], "account": [.organizations, .users], "team": [.teams],
        "repository": [.repositories], "service account": [.serviceAccounts], "directory": [.directories],
        "role": [.roles],
        "collection": [.collections],
    ]

    /// - Parameter refusal: the service's words, such as `there is no team "nerd-dinner/opps"`.
    /// - Returns: nil where there is none, or it cannot be found out: a refusal is told all the same.
    static func of(_ refusal: String, _ api: APIClient) async -> String? {
        guard let match = refusal.firstMatch(of: /there is no ([a-z ]+) "([^"]+)"/), let kinds = kinds[match.1] else {
            return nil
        }
        let name = String(match.2)
        // The first letters are seldom wrong.
        let start = name.lastIndex { "/+".contains($0) }.map { name.index(after: $0) } ?? name.startIndex
        let own = name[start...]
        for length in Set([max(2, own.count - 2), 2]).sorted(by: >) {
            let text = String(name[..<start]) + own.prefix(length)
            guard let found = try? await NameCompletion(kinds: kinds, prefix: text).all(api) else { return nil }
            if let near = found.nearest(to: name) { return near.withoutControls }
        }
        return nil
    }
}
