public import AccessModel

/// Makes the first system administrator. Refused once there is one; never touches an account
/// that exists.
public struct MakeFirstAdministrator: Command {
    public var name: AccountName
    public var passwordHash: String

    public init(name: AccountName, passwordHash: String) {
        self.name = name
        self.passwordHash = passwordHash
    }

    public func perform(in context: WriteContext) throws(AccessError) -> Stored<Account> {
        guard try context.writer.activeSystemAdministratorCount() == 0 else {
            throw .conflict(
                code: .administratorExists,
                detail: "there is a system administrator already: they make further ones")
        }
        var fields = UserFields()
        fields.isSystemAdmin = true
        return try CreateUser(name: name, fields: fields, passwordHash: passwordHash).perform(in: context)
    }
}
