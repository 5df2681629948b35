import Foundation
import TestSupport

/// The image in the sample data.
enum SampleImage {
    private struct Descriptor: Decodable { var digest: String }
    private struct Index: Decodable { var manifests: [Descriptor] }
    private struct Manifest: Decodable { var layers: [Descriptor] }

    /// The digest of its layer: `sha256:…`.
    static func layer() throws -> String {
        let index = try JSONDecoder().decode(Index.self, from: data("index.json"))
        guard let manifest = index.manifests.first else { throw ServerError("the sample image has no manifest") }
        let blob = "blobs/" + manifest.digest.replacingOccurrences(of: ":", with: "/")
        guard let layer = try JSONDecoder().decode(Manifest.self, from: data(blob)).layers.first else {
            throw ServerError("the sample image has no layer")
        }
        return layer.digest
    }

    private static func data(_ name: String) throws -> Data {
        try Data(contentsOf: URL(filePath: Checkout.path("Sample-Data/image/" + name)))
    }
}
