/// Asks a registry over the distribution API, with tokens of this service.
public protocol RegistryClient: Sendable {
    /// Whether it believes a token.
    func accepts(_ token: String) async throws(RegistryClientError) -> Bool
    /// Every repository that it lists, in its order.
    func repositories(_ token: String) async throws(RegistryClientError) -> [String]
    /// Every tag that it lists of a repository; empty where there is no such repository.
    func tags(of repository: String, _ token: String) async throws(RegistryClientError) -> [String]
    /// The digest of the manifest under a tag; nil if there is none.
    func digest(of tag: String, in repository: String, _ token: String) async throws(RegistryClientError) -> String?
}

/// Why a registry could not be asked, in words for its administrator.
public struct RegistryClientError: Error, Hashable, Sendable, CustomStringConvertible {
    public let description: String

    public init(_ description: String) { self.description = description }
}
