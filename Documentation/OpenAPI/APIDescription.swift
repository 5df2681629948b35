/// The OpenAPI 3.1 document that stands beside this file, embedded into the program.
public enum APIDescription {
    /// UTF-8 text of `openapi.yaml`.
    public static let yaml: [UInt8] = PackageResources.openapi_yaml
}
