/// What a test request brings along. A text alone is a user's name, and stands for a token of
/// theirs that the test service makes at need: passwords are slow on purpose.
package enum Credential: Hashable, Sendable, ExpressibleByStringLiteral {
    case anonymous
    case user(String)
    case basic(login: String, secret: String)
    case bearer(String)
    /// The value of an `Authorization` header, as it is.
    case header(String)

    package init(stringLiteral value: String) { self = .user(value) }
}
