public import AccessModel

/// Writes the built-in roles and the fixed collections: what is not there, and what an earlier version had otherwise. Nothing
/// is changed where all of it is.
public struct SetUpControlPlane: Command {
    public init() {}

    public func perform(in context: WriteContext) throws(AccessError) {
        guard context.actor == .service else { throw .forbidden("only the service sets up the control plane") }
        for role in Role.builtIn {
            if let stored = try context.writer.role(role.id) {
                try context.update(.role(stored.value), to: .role(role), reason: "this version has it so")
            } else {
                try context.insert(.role(role))
            }
        }
        for collection in ResourceCollection.fixed where try context.writer.collection(collection.id) == nil {
            try context.insert(.collection(collection))
        }
    }

    /// Whether there is nothing to do.
    static func isDone(_ graph: AccessGraph) -> Bool {
        Role.builtIn.allSatisfy(graph.hasRole) && ResourceCollection.fixed.allSatisfy { graph.path(of: $0.id) != nil }
    }
}
