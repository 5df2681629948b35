import StrictJSON

/// Whom a command is about, as people type it.
enum SubjectNotation {
    /// The subject of a question: `elton`, `user:elton`, `nerd-dinner+ci`, `service-account:nerd-dinner+ci`,
    /// `nerd-dinner/ops`, `team:nerd-dinner/ops` or `anonymous`.
    static func principal(_ text: String) -> (type: String, id: String) {
        for type in ["user", "service-account", "team"] where text.hasPrefix(type + ":") {
            return (type, String(text.dropFirst(type.count + 1)))
        }
        if text == "anonymous" { return ("anonymous", "anonymous") }
        if text.contains("/") { return ("team", text) }
        return (text.contains("+") ? "service-account" : "user", text)
    }
}

/// To whom a grant goes: `ORG/TEAM`, `NAME` of a user or `OWNER+NAME`, each also with its kind in front, as `team:ORG/TEAM`.
enum GrantSubject: Hashable {
    case team(organization: String, name: String)
    case user(String)
    case serviceAccount(owner: String, name: String)

    init(_ text: String) throws(CommandFailure) {
        let (prefix, rest) = Self.split(text, at: ":") ?? ("", text)
        if rest.hasPrefix("id:"), prefix == "team" || prefix == "service-account" {
            self = prefix == "team" ? .team(organization: "-", name: rest) : .serviceAccount(owner: "-", name: rest)
            return
        }
        let team = Self.split(rest, at: "/")
        let service = Self.split(rest, at: "+")
        switch (prefix, team, service) {
        case ("user", nil, nil) where !rest.isEmpty, ("", nil, nil) where !rest.isEmpty && !rest.contains(":"):
            self = .user(rest)
        case ("team", let (organization, name)?, _), ("", let (organization, name)?, nil):
            self = .team(organization: organization, name: name)
        case ("service-account", _, let (owner, name)?), ("", nil, let (owner, name)?):
            self = .serviceAccount(owner: owner, name: name)
        default:
            throw .input(
                "\"\(text)\" is no subject of a grant: write team:ORG/TEAM, user:NAME or service-account:OWNER+NAME")
        }
    }

    private static func split(_ text: String, at separator: Character) -> (String, String)? {
        guard let place = text.firstIndex(of: separator) else { return nil }
        let (left, right) = (text[..<place], text[text.index(after: place)...])
        return left.isEmpty || right.isEmpty ? nil : (String(left), String(right))
    }
}

/// What a grant is on: `NAMESPACE/REPOSITORY`, or `NAMESPACE/` for the whole namespace.
struct GrantTarget: Hashable {
    var namespace: String
    /// nil for the whole namespace.
    var repository: String?

    init(_ text: String) throws(CommandFailure) {
        if text.hasPrefix("id:"), !text.contains("/") {
            (namespace, repository) = ("-", text)
            return
        }
        guard let slash = text.firstIndex(of: "/"), slash > text.startIndex else {
            throw .input(
                "\"\(text)\" is no target of a grant: write NAMESPACE/REPOSITORY, or NAMESPACE/ for all of a namespace")
        }
        namespace = String(text[..<slash])
        let rest = String(text[text.index(after: slash)...])
        // No repository has that name, and it is what other tools write for all of them.
        repository = rest.isEmpty || rest == "*" ? nil : rest
    }
}

/// `LEFT/RIGHT`, split at the first slash: a team or a repository.
struct SlashedName: Hashable {
    var left: String
    var right: String

    /// - Parameter form: how it is written, for the error: "ORG/TEAM".
    init(_ text: String, form: String) throws(CommandFailure) {
        // The API finds an identity whoever is its owner.
        if text.hasPrefix("id:") {
            (left, right) = ("-", text)
            return
        }
        guard let slash = text.firstIndex(of: "/"), slash > text.startIndex, text.index(after: slash) < text.endIndex
        else {
            throw .input("\"\(text)\" is incomplete: write \(form)")
        }
        left = String(text[..<slash])
        right = String(text[text.index(after: slash)...])
    }
}
