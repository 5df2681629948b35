extension AccessGraph {
    /// The actor of a log entry for a reader: the name of an account instead of its identity.
    public func words(forActor text: String) -> String {
        let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
        guard parts.count == 2 else { return text == "service" ? "the service" : text }
        switch parts[0] {
        case "user":
            return principals.accounts.find(AccountID(rawValue: parts[1])).map {
                principals.accounts.names[$0].rawValue
            } ?? "a deleted user"
        case "service-account":
            return principals.index(of: ServiceAccountID(rawValue: parts[1])).map {
                principals.principal(at: .serviceAccount($0)).description
            } ?? "a deleted service account"
        case "directory": return "directory \(parts[1])"
        case "local": return "\(parts[1]) on the service's machine"
        default: return text
        }
    }
}
