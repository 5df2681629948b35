/// Reads secrets from files that an administrator placed for the service.
public protocol SecretFiles: Sendable {
    /// The text of a file without the line end at its end.
    /// - Throws: `AccessError.invalid` when the path is outside of the folder set for secrets,
    ///   or the file cannot be read.
    func text(at path: String, field: String) throws(AccessError) -> String
}
