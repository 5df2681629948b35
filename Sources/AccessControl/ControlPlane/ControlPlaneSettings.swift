public import AccessModel

/// What holds for the whole control plane, by names.
public struct ControlSettingsView: Hashable, Sendable {
    public let defaultRole: RoleName
}

/// Changes what everybody has in their own private collection.
public struct UpdateControlSettings: Command {
    public var defaultRole: RoleName?
    public var condition: Precondition

    public init(defaultRole: RoleName?, condition: Precondition = .none) {
        (self.defaultRole, self.condition) = (defaultRole, condition)
    }

    public func perform(in context: WriteContext) throws(AccessError) -> Stored<ControlSettingsView> {
        try context.require(.administer, to: "change the settings of the control plane")
        let stored = try context.writer.controlSettings()
        try context.expect(stored?.revision ?? 0, meets: condition)
        var revision = stored?.revision ?? 0
        if let defaultRole {
            let settings = ControlSettings(defaultRole: try context.role(defaultRole).value.id)
            revision = try context.set(settings) ?? revision
        }
        return Stored(ControlSettingsView(context.graph), revision: revision)
    }
}

public struct GetControlSettings: Query {
    public init() {}

    public func answer(in context: ReadContext) throws(AccessError) -> Stored<ControlSettingsView> {
        try context.require(.readNames, to: "read the settings of the control plane")
        return Stored(
            ControlSettingsView(context.graph), revision: try context.reader.controlSettings()?.revision ?? 0)
    }
}

extension ControlSettingsView {
    fileprivate init(_ graph: AccessGraph) {
        defaultRole = graph.defaultRole.flatMap(graph.roleName) ?? Role.restrictedControl.name
    }
}

extension WriteContext {
    /// - Returns: the number of the change; nil when nothing changed.
    @discardableResult
    func set(_ settings: ControlSettings, reason: String? = nil) throws(AccessError) -> Revision? {
        guard let stored = try writer.controlSettings() else {
            return try insert(.controlSettings(settings), reason: reason)
        }
        return try update(.controlSettings(stored.value), to: .controlSettings(settings), reason: reason)
    }
}
