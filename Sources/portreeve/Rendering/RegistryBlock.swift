import StrictJSON
import Wording

/// The `auth` block of the distribution registry's configuration.
enum RegistryBlock {
    static func lines(realm: String, service: String, issuer: String, bundle: String) -> [String] {
        // A JSON string is a YAML string, whatever is in it.
        func quoted(_ text: String) -> String { JSONValue.string(text).compact }
        return [
            "auth:", "  token:", "    realm: \(quoted(realm))", "    service: \(quoted(service))",
            "    issuer: \(quoted(issuer))", "    rootcertbundle: \(quoted(bundle))",
        ]
    }
}
