/// What the commands read from the environment themselves; every other variable with this prefix is a setting.
enum ClientVariable: String, CaseIterable {
    case server = "PORTREEVE_SERVER"
    case token = "PORTREEVE_TOKEN"
    case tokenFile = "PORTREEVE_TOKEN_FILE"
    case authorities = "PORTREEVE_CA_FILE"
    case config = "PORTREEVE_CONFIG"
}

extension [String: String] {
    /// nil where it is absent or empty.
    subscript(variable: ClientVariable) -> String? { nonEmpty(variable.rawValue) }
}
