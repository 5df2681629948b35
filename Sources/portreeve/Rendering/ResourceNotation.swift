import AccessModel
import StrictJSON

/// What a question is about, as people type it: `NAMESPACE/REPOSITORY`; `/prod/web` for a collection; `cluster:eu/shop` for a
/// namespace; `engine:swarm` or `engine:swarm/4f66ad9d`; `TYPE:ID` for something of others.
enum ResourceNotation: Equatable {
    case repository(String)
    case collection(String)
    /// `CLUSTER` or `CLUSTER/NAMESPACE`.
    case cluster(String)
    /// `ENGINE` or `ENGINE/ID`.
    case engine(String)
    case other(type: String, id: String)

    init(_ text: String) {
        if text.hasPrefix("/") { self = .collection(text); return }
        guard let colon = text.firstIndex(of: ":"), colon > text.startIndex, !text.hasPrefix("id:"),
            !text[..<colon].contains("/")
        else { self = .repository(text); return }
        let (type, rest) = (String(text[..<colon]), String(text[text.index(after: colon)...]))
        switch type {
        case "cluster": self = .cluster(rest)
        case "engine": self = .engine(rest)
        case "collection": self = .collection(rest)
        case "repository": self = .repository(rest)
        default: self = .other(type: type, id: rest)
        }
    }

    var isRepository: Bool { if case .repository = self { true } else { false } }

    /// The action and the resource of an AuthZEN question.
    /// - Parameter action: an action on a repository; an operation, as `container.exec` or `get pods`; for something of others what
    ///   they call it.
    func members(_ action: String) throws(CommandFailure) -> [(String, JSONValue?)] {
        switch self {
        case .repository(let path): Self.members(action, "repository", path)
        case .collection(let path): Self.members(try Self.operation(action).description, "collection", path)
        case .other(let type, let id): Self.members(action, type, id)
        case .engine(let id):
            switch try Self.operation(action) {
            case .engine(let operation): Self.members(operation.name, String(operation.type), id)
            default: throw .input("\"\(action)\" is nothing that is done at an engine: ask as in container.exec")
            }
        case .cluster(let id):
            switch try Self.operation(action) {
            case .kubernetes(let operation):
                Self.members(operation.verb, "kubernetes", id, Self.properties(of: operation.target))
            default: throw .input("\"\(action)\" is nothing that is done in a cluster: ask as in \"get pods\"")
            }
        }
    }

    private static func members(
        _ action: String, _ type: String, _ id: String, _ properties: JSONValue? = nil
    ) -> [(String, JSONValue?)] {
        let resource: [(String, JSONValue?)] = [
            ("type", .string(type)), ("id", .string(id)), ("properties", properties),
        ]
        return [("action", ["name": .string(action)]), ("resource", JSONValue(members: resource))]
    }

    private static func properties(of target: KubernetesOperation.Target) -> JSONValue {
        switch target {
        case .path(let path): ["path": .string(path)]
        case .resource(let resource, let group, let subresource):
            ["resource": .string(resource), "group": .string(group), "subresource": .string(subresource)]
        }
    }

    static func operation(_ text: String) throws(CommandFailure) -> ControlOperation {
        do throws(NameError) { return try ControlOperation(text) } catch { throw .input(error.description) }
    }

    /// An action of the registry, for what is about repositories.
    static func action(_ text: String) throws(CommandFailure) -> Action {
        guard let action = Action(rawValue: text) else {
            let words = Action.allCases.map(\.rawValue)
            let near = words.nearest(to: text).map { ": is \($0) meant?" } ?? ""
            throw .input(
                "there is no action \"\(text)\" on a repository\(near) There are \(words.joined(separator: ", ")); of a "
                    + "collection ask about an operation, and write its path with / in front")
        }
        return action
    }
}
