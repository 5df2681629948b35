/// The stable words that answers name errors by. Each is described in the OpenAPI document.
public enum ErrorCode: String, Hashable, Sendable, CaseIterable {
    // The request.
    case unauthenticated
    case forbidden
    case notFound = "not-found"
    case invalid
    case unknownOperation = "unknown-operation"
    case invalidCollection = "invalid-collection"
    case beyondOwnRights = "beyond-own-rights"
    case invalidLine = "invalid-line"
    case preconditionFailed = "precondition-failed"
    case methodNotAllowed = "method-not-allowed"
    case requestTimeout = "request-timeout"
    case tooLarge = "too-large"
    case wrongType = "wrong-type"
    case tooManyAttempts = "too-many-attempts"
    case tooManyQuestions = "too-many-questions"
    case revisionNotReached = "revision-not-reached"

    // What is there contradicts it.
    case builtInRole = "built-in-role"
    case collectionCycle = "collection-cycle"
    case collectionExists = "collection-exists"
    case collectionFixed = "collection-fixed"
    case collectionNotEmpty = "collection-not-empty"
    case collectionTooDeep = "collection-too-deep"
    case directoryInUse = "directory-in-use"
    case directoryManaged = "directory-managed"
    case ended
    case fileExists = "file-exists"
    case foreignServiceAccount = "foreign-service-account"
    case foreignTeam = "foreign-team"
    case hasRepositories = "has-repositories"
    case inactive
    case keyInUse = "key-in-use"
    case keyNotTrusted = "key-not-trusted"
    case keyWaiting = "key-waiting"
    case lastAdministrator = "last-administrator"
    case lastOwner = "last-owner"
    case nameRetired = "name-retired"
    case nameTaken = "name-taken"
    case noBackupDirectory = "no-backup-directory"
    case noNextKey = "no-next-key"
    case noRegistry = "no-registry"
    case notLinked = "not-linked"
    case notRotated = "not-rotated"
    case noToken = "no-token"
    case ownsCollections = "owns-collections"
    case planLapsed = "plan-lapsed"
    case registryUnreachable = "registry-unreachable"
    case roleInUse = "role-in-use"
    case rotated
    case siteExists = "site-exists"
    case syncRunning = "sync-running"
    case teamCycle = "team-cycle"
    case teamDepth = "team-depth"
    case tooMany = "too-many"
    case userOnNamespace = "user-on-namespace"
    case wrongState = "wrong-state"

    // No answer over HTTP has these: one ends a dry run, the other is of a command on the file.
    case dryRun = "dry-run"
    case administratorExists = "administrator-exists"

    // A directory, the database or the service.
    case directoryUnavailable = "directory-unavailable"
    case storageBusy = "storage-busy"
    case storageFull = "storage-full"
    case storageReadOnly = "storage-read-only"
    case storageDamaged = "storage-damaged"
    case storageSchema = "storage-schema"
    case storageConstraint = "storage-constraint"
    case storageReplaced = "storage-replaced"
    case storageUncertain = "storage-uncertain"
    case storageUnreachable = "storage-unreachable"
    case storageUnreplicated = "storage-unreplicated"
    case storageAbandoned = "storage-abandoned"
    case storageFailed = "storage-failed"
    case `internal`
}
