/// One thing that can be done at a Docker Engine, or with collections and images here: `container.create`. There are no
/// others; in a role each is a bit.
public struct EngineOperation: Hashable, Sendable, CustomStringConvertible {
    /// Its place in `all`.
    let index: UInt8

    public var name: String { Self.table[Int(index)].name }
    /// What it lets somebody do, in a sentence.
    public var summary: String { Self.table[Int(index)].summary }
    /// Whether it can be used to get at more than the collection. Such ones are not in Restricted Control.
    public var isDangerous: Bool { Self.table[Int(index)].isDangerous }
    /// `container` of `container.create`.
    public var type: Substring { name.prefix { $0 != "." } }
    public var verb: Substring { name.dropFirst(type.count + 1) }
    public var description: String { name }

    /// In the order in which they are listed.
    public static let all: [EngineOperation] = table.indices.map { EngineOperation(index: UInt8($0)) }

    private static let byName = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })

    /// nil for a word that is none.
    public init?(_ name: String) {
        guard let found = Self.byName[name] else { return nil }
        self = found
    }

    private init(index: UInt8) { self.index = index }

    private static func known(_ name: String) -> EngineOperation {
        guard let known = byName[name] else { preconditionFailure("there is no operation \(name)") }
        return known
    }

    // Those that something here asks for itself.

    public static let createCollections = known("collection.create")
    public static let renameCollections = known("collection.update")
    public static let removeCollections = known("collection.remove")
    public static let giveRoles = known("collection.grant")
    public static let placeResources = known("collection.place")
    /// Has something run on a node, and so asks for `schedule` where the node is.
    static let scheduled: Set<ControlOperation> = [
        .engine(known("container.create")), .engine(known("service.create")),
    ]
    static let schedule = ControlOperation.engine(known("node.schedule"))
}

extension EngineOperation {
    private struct Row: Sendable {
        let name: String
        let summary: String
        let isDangerous: Bool
    }

    private static let table: [Row] = [
        of(
            "container",
            [
                ("view", "see containers and how they are set up"), ("logs", "read their output"),
                ("stats", "see what they use"), ("create", "make containers"), ("start", "start them"),
                ("stop", "stop them"), ("kill", "send them signals"), ("restart", "restart them"),
                ("pause", "pause them and let them go on"), ("rename", "rename them"),
                ("update", "change their limits"), ("remove", "remove them"), ("wait", "wait for their end"),
                ("resize", "set the size of their terminals"), ("attach", "attach to their input and output"),
                ("commit", "make images of them"), ("prune", "remove those that have ended"),
                ("copy-out", "copy files out of them"), ("export", "get all their files"),
                ("join", "share their namespaces or volumes with another container"),
            ],
            dangerous: [
                ("exec", "run programs in them"), ("copy-in", "copy files into them"),
                ("checkpoint", "keep and restore their memory"), ("privileged", "make them privileged"),
                ("host-mount", "mount folders of the host"), ("host-namespace", "share namespaces of the host"),
                ("add-capability", "give them capabilities"), ("device", "give them devices of the host"),
                ("security-option", "change what confines them"), ("sysctl", "set kernel parameters"),
                ("cgroup", "choose their control group"), ("runtime", "choose what runs them"),
                ("host-address", "bind ports to a given address of the host"),
                ("unlisted-option", "use options that are not known here"),
            ]),
        of(
            "service",
            [
                ("view", "see services"), ("logs", "read their output"), ("create", "make services"),
                ("update", "change them"), ("remove", "remove them"),
            ]),
        of("task", [("view", "see tasks of services"), ("logs", "read their output")]),
        of(
            "node", [("view", "see nodes"), ("schedule", "have containers run on an engine's nodes")],
            dangerous: [("update", "change nodes"), ("remove", "take nodes out")]),
        of(
            "volume",
            [
                ("view", "see volumes"), ("create", "make volumes"), ("update", "change them"),
                ("remove", "remove them"), ("mount", "mount them into containers"),
                ("prune", "remove those that nothing uses"),
            ], dangerous: [("host-bind", "make volumes that are folders or devices of the host")]),
        of(
            "network",
            [
                ("view", "see networks"), ("create", "make networks"), ("remove", "remove them"),
                ("connect", "connect containers to them"), ("disconnect", "disconnect containers"),
                ("prune", "remove those that nothing uses"),
            ]),
        of("secret", keptData("secrets")),
        of("config", keptData("configs")),
        of(
            "image",
            [
                ("view", "see images"), ("pull", "have images pulled"), ("push", "push them"), ("tag", "tag them"),
                ("remove", "remove them"), ("save", "get them as files"), ("build", "build images"),
                ("load", "load them from files"), ("prune", "remove those that nothing uses"),
                ("run", "run images in the collection"), ("findings", "see what is known of images seen there"),
            ], dangerous: [("policy", "say which images run in the collection")]),
        of("stack", [("view", "see stacks"), ("deploy", "deploy them"), ("remove", "remove them")]),
        of(
            "plugin", [("view", "see plugins")],
            dangerous: [
                ("install", "install plugins"), ("enable", "switch them on and off"), ("configure", "set them up"),
                ("remove", "remove them"), ("push", "push them"),
            ]),
        of(
            "swarm", [("view", "see the swarm")],
            dangerous: [
                ("init", "begin a swarm"), ("join", "join one"), ("leave", "leave it"), ("update", "change it"),
                ("unlock", "unlock it, and read its key"),
            ]),
        of(
            "system", [("view", "see version and settings of an engine")],
            dangerous: [
                ("events", "follow everything that happens at an engine"),
                ("unlisted", "ask what is not known here"),
            ]),
        of(
            "collection", [("view", "see the collection's name")],
            dangerous: [
                ("create", "make collections below it"), ("update", "rename those below it"),
                ("remove", "delete those below it"), ("grant", "give others what one has there"),
                ("place", "place resources there, and take them away"),
            ]),
    ].flatMap(\.self)

    private static func of(
        _ type: String, _ harmless: [(String, String)], dangerous: [(String, String)] = []
    ) -> [Row] {
        harmless.map { Row(name: "\(type).\($0)", summary: $1, isDangerous: false) }
            + dangerous.map { Row(name: "\(type).\($0)", summary: $1, isDangerous: true) }
    }

    private static func keptData(_ what: String) -> [(String, String)] {
        [
            ("view", "see \(what)"), ("create", "make \(what)"), ("update", "change their labels"),
            ("remove", "remove them"), ("use", "use them in services"),
        ]
    }
}
