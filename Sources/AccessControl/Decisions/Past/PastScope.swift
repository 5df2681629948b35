public import AccessModel

/// What a question about the past touches: only that is brought back.
public enum PastScope: Hashable, Sendable {
    /// Whether somebody may do something with a repository, and why.
    case decision(Principal, RepositoryPath)
    /// Who may do something with a repository; whether what everybody has counts, too.
    case holders(RepositoryPath, everybody: Bool)
    /// What somebody may; whether what everybody has counts, too.
    case holdings(Principal, everybody: Bool)
    /// What a team gives its members.
    case teamHoldings(TeamName, of: AccountName)
    /// All repositories of a namespace, and who has what on them.
    case namespace(AccountName)
    /// Whether somebody may do something with a resource of the control plane, and why.
    case controlDecision(Principal, ControlResource)
    /// Who may do something in a collection; whether those are listed whom a grant to everyone gives it.
    case controlHolders(CollectionPath, expands: Bool)
    /// In which collections somebody may do something.
    case controlHoldings(Principal)
    /// Everything there was.
    case everything
}
