public import AccessModel

/// What may be said of a role.
public struct RoleFields: Fields {
    public typealias Thing = Role

    public var description: String?
    /// As they are written; the command reads them.
    public var operations: [String]?

    public init() {}

    public mutating func code<Coder: FieldCoder<Role>>(_ coder: inout Coder) throws(Coder.Failure) {
        try coder.field("description", &description, \.description)
        try coder.named("operations", &operations)
    }
}

/// Makes a role.
public struct CreateRole: Command {
    public var name: RoleName
    public var fields: RoleFields

    public init(name: RoleName, fields: RoleFields = RoleFields()) { (self.name, self.fields) = (name, fields) }

    public func perform(in context: WriteContext) throws(AccessError) -> Stored<Role> {
        try context.require(.administer, to: "make roles: they are the same everywhere")
        try context.requireFree(name)
        var role = Role(id: context.newIdentifier(), name: name)
        fields.apply(to: &role)
        try role.set(fields.operations)
        return Stored(role, revision: try context.insert(.role(role)))
    }
}

/// Changes a role, at once for everybody who has it. Absent members keep their value.
public struct UpdateRole: Command {
    public var name: RoleName
    public var newName: RoleName?
    public var fields: RoleFields
    /// Operations beside those that it has, and some that it has no longer.
    public var added: [String]
    public var removed: [String]
    public var condition: Precondition

    public init(
        name: RoleName, newName: RoleName? = nil, fields: RoleFields = RoleFields(), added: [String] = [],
        removed: [String] = [], condition: Precondition = .none
    ) {
        self.name = name
        self.newName = newName
        self.fields = fields
        self.added = added
        self.removed = removed
        self.condition = condition
    }

    public func perform(in context: WriteContext) throws(AccessError) -> Stored<Role> {
        try context.require(.administer, to: "change roles: they are the same everywhere")
        let stored = try context.role(name)
        try context.expect(stored.revision, meets: condition)
        try stored.value.refuseBuiltIn("changed: make one of your own with its operations")
        var after = stored.value
        if let newName, newName != name {
            try context.requireFree(newName)
            after.name = newName
        }
        fields.apply(to: &after)
        try after.set(fields.operations, adding: added, removing: removed)
        let revision = try context.update(.role(stored.value), to: .role(after))
        return Stored(after, revision: revision ?? stored.revision)
    }
}

/// Deletes a role that nobody has.
public struct DeleteRole: Command {
    public var name: RoleName
    /// What everybody gets who has it; without this a role that somebody has is kept.
    public var replacement: RoleName?
    public var condition: Precondition

    public init(name: RoleName, replacement: RoleName? = nil, condition: Precondition = .none) {
        (self.name, self.replacement, self.condition) = (name, replacement, condition)
    }

    public func perform(in context: WriteContext) throws(AccessError) {
        try context.require(.administer, to: "delete roles")
        let stored = try context.role(name)
        try context.expect(stored.revision, meets: condition)
        try stored.value.refuseBuiltIn("deleted")
        let role = stored.value
        let grants = try context.writer.controlGrants(of: role.id)
        let isDefault = context.graph.defaultRole == role.id
        if let replacement {
            guard replacement != name else {
                throw .invalid(
                    field: "replace_with", value: replacement.rawValue, reason: "it is the role to be deleted")
            }
            let other = try context.role(replacement).value
            for grant in grants.map(\.value) { try context.replace(grant, with: other, reason: "\(name) was deleted") }
            if isDefault { try context.set(ControlSettings(defaultRole: other.id), reason: "\(name) was deleted") }
        } else if !grants.isEmpty || isDefault {
            throw .conflict(code: .roleInUse, detail: try inUse(grants.map(\.value), isDefault, context))
        }
        try context.delete(.role(role))
    }

    private func inUse(
        _ grants: [ControlGrant], _ isDefault: Bool, _ context: WriteContext
    ) throws(AccessError) -> String {
        let first = try grants.prefix(10).map { (grant) throws(AccessError) in
            let subject = try context.name(of: grant.subject)?.text ?? grant.subject.id
            return "\(subject) on \(context.graph.path(of: grant.collection)?.description ?? "?")"
        }
        let uses =
            (isDefault ? ["everybody has it in their private collection"] : [])
            + (grants.isEmpty
                ? []
                : [
                    "\(grants.count == 1 ? "a grant" : "\(grants.count) grants") of it: \(first.joined(separator: ", "))"
                ])
        return
            "\(name) is in use (\(uses.joined(separator: "; "))): take it away first, or name a role to take its place "
            + "(--replace-with, replace_with=)"
    }
}

/// One role.
public struct GetRole: Query {
    public var name: RoleName

    public init(name: RoleName) { self.name = name }

    public func answer(in context: ReadContext) throws(AccessError) -> Stored<Role> {
        try context.require(.readNames, to: "read roles")
        return try context.role(name)
    }
}

/// All roles, ordered by name.
public struct ListRoles: Query {
    public init() {}

    public func answer(in context: ReadContext) throws(AccessError) -> [Stored<Role>] {
        try context.require(.readNames, to: "read roles")
        return try context.reader.roles()
    }
}

extension ControlOperation {
    /// The core group is Kubernetes' own: what is not in it would never be asked for.
    fileprivate func requireToExist() throws(AccessError) {
        guard case .kubernetes(let operation) = self, let meant = operation.slip else { return }
        throw .unusable(
            code: .unknownOperation, field: "operation", value: description,
            reason: "the core group of Kubernetes has no such resource" + (meant.isEmpty ? "" : "; is \(meant) meant?"))
    }
}

extension RoleName {
    /// Whether it is the same but for case, blanks and dashes.
    fileprivate func looksLike(_ other: RoleName) -> Bool {
        func letters(_ name: RoleName) -> String { name.rawValue.lowercased().filter { !" -_.".contains($0) } }
        return letters(self) == letters(other)
    }
}

extension Role {
    fileprivate func refuseBuiltIn(_ what: String) throws(AccessError) {
        guard isBuiltIn else { return }
        throw .conflict(code: .builtInRole, detail: "\(name) is built in and cannot be \(what)")
    }

    /// How many operations a role has at most.
    private static let limit = 2_000

    fileprivate mutating func set(
        _ words: [String]?, adding added: [String] = [], removing removed: [String] = []
    ) throws(AccessError) {
        func parsed(_ words: [String]) throws(AccessError) -> Set<ControlOperation> {
            Set(try words.map { (word) throws(AccessError) in try AccessError.operation(word, isPattern: true) })
        }
        if words != nil || !added.isEmpty || !removed.isEmpty {
            let all = try words.map(parsed) ?? Set(operations)
            let new = all.union(try parsed(added)).subtracting(try parsed(removed))
            for operation in new.subtracting(operations) { try operation.requireToExist() }
            operations = Array(new)
        }
        guard operations.count <= Self.limit else {
            throw .invalid(
                field: "operations", value: String(operations.count),
                reason: "a role has at most \(Self.limit): use wildcards")
        }
        try checkDescription(description)
    }
}

extension WriteContext {
    fileprivate func requireFree(_ name: RoleName) throws(AccessError) {
        guard graph.roleID(named: name) == nil else {
            throw .conflict(code: .nameTaken, detail: "there is a role \(name) already")
        }
        if let other = Role.builtIn.first(where: { $0.name.looksLike(name) }) {
            throw .conflict(
                code: .nameTaken,
                detail: "\(name) would be taken for the built-in role \(other.name): choose another name")
        }
    }

    /// Gives another role instead; where that is given already, the later end counts.
    fileprivate func replace(_ grant: ControlGrant, with role: Role, reason: String) throws(AccessError) {
        try delete(.controlGrant(grant), reason: reason)
        var other = grant
        other.role = role.id
        guard let known = try writer.controlGrant(grant.subject, role.id, on: grant.collection)?.value else {
            try insert(.controlGrant(other), reason: reason)
            return
        }
        other.expiresAt =
            [grant.expiresAt, known.expiresAt].contains(nil)
            ? nil : max(grant.expiresAt ?? .last, known.expiresAt ?? .last)
        try update(.controlGrant(known), to: .controlGrant(other), reason: reason)
    }
}
