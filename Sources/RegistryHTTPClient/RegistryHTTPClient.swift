public import AccessControl
import AccessModel
import AsyncHTTPClient
import Foundation

/// A registry over the distribution API (distribution specification, "HTTP API V2").
public struct RegistryHTTPClient: RegistryClient {
    private let base: String
    private let client: HTTPClient

    /// - Parameters:
    ///   - url: of the registry, without `/v2/`.
    ///   - authorities: a PEM file of authorities to trust beside those of the system.
    public init(url: String, authorities: String?) {
        base = url.hasSuffix("/") ? String(url.dropLast()) : url
        var configuration = HTTPClient.Configuration(certificateVerification: .fullVerification)
        // A token is for the registry it was made for, and not for where that points.
        configuration.redirectConfiguration = .disallow
        configuration.timeout.connect = .seconds(10)
        if let authorities { configuration.tlsConfiguration?.additionalTrustRoots = [.file(authorities)] }
        client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    public func shutdown() async throws { try await client.shutdown() }

    public func accepts(_ token: String) async throws(RegistryClientError) -> Bool {
        let answer = try await send("GET", "/v2/", token)
        guard [200, 401].contains(answer.status) else { throw unexpected(answer, "/v2/") }
        return answer.status == 200
    }

    public func repositories(_ token: String) async throws(RegistryClientError) -> [String] {
        try await pages("/v2/_catalog?n=1000", token) {
            try JSONDecoder().decode(Catalog.self, from: $0).repositories
        }
    }

    public func tags(of repository: String, _ token: String) async throws(RegistryClientError) -> [String] {
        try await pages("/v2/\(repository)/tags/list", token, mayBeAbsent: true) {
            try JSONDecoder().decode(TagList.self, from: $0).tags
        }
    }

    /// The names of a page; nil for null, which registries write for none. A list that is not there is no empty one: a proxy
    /// or a wrong address answers something else, and what is known here would be forgotten.
    private struct Catalog: Decodable {
        let repositories: [String]?
        enum CodingKeys: String, CodingKey { case repositories }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            repositories = try container.decode([String]?.self, forKey: .repositories)
        }
    }

    private struct TagList: Decodable {
        let tags: [String]?
        enum CodingKeys: String, CodingKey { case tags }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            tags = try container.decode([String]?.self, forKey: .tags)
        }
    }

    public func digest(
        of tag: String, in repository: String, _ token: String
    ) async throws(RegistryClientError) -> String? {
        let path = "/v2/\(repository)/manifests/\(tag)"
        let answer = try await send("HEAD", path, token)
        guard answer.status == 200 || answer.status == 404 else { throw unexpected(answer, path) }
        return answer.digest
    }

    /// Pages of a thousand.
    private static let pageLimit = 10_000

    private struct Answer {
        var status: Int
        var body: Data
        var link: String?
        var digest: String?
    }

    /// - Parameter mayBeAbsent: whether 404 stands for nothing, as for the tags of a repository without any. A registry without a
    ///   catalogue is none.
    private func pages(
        _ path: String, _ token: String, mayBeAbsent: Bool = false, _ read: (Data) throws -> [String]?
    ) async throws(RegistryClientError) -> [String] {
        var found: [String] = []
        var seen: Set<String> = []
        var next: String? = path
        while let path = next {
            // Each page is another one than all before it.
            guard seen.insert(path).inserted, seen.count <= Self.pageLimit else {
                throw RegistryClientError("\(base): its pages do not end")
            }
            let answer = try await send("GET", path, token)
            if answer.status == 404, mayBeAbsent { return found }
            guard answer.status == 200 else { throw unexpected(answer, path) }
            do {
                found += try read(answer.body) ?? []
            } catch {
                throw RegistryClientError("\(base)\(path): its answer is not of the known form")
            }
            next = Self.next(answer.link)
        }
        return found
    }

    /// The path in `</v2/_catalog?last=b&n=2>; rel="next"` (RFC 8288), whatever host stands before it.
    private static func next(_ link: String?) -> String? {
        guard let link, link.utf8.count <= 4_096, StreamSafeText.isSafe(link.utf8),
            let open = link.firstIndex(of: "<"), let close = link.lastIndex(of: ">"), open < close
        else { return nil }
        let target = String(link[link.index(after: open)..<close])
        if target.hasPrefix("/") { return target }
        return target.range(of: "/v2/").map { String(target[$0.lowerBound...]) }
    }

    private func send(_ method: String, _ path: String, _ token: String) async throws(RegistryClientError) -> Answer {
        var request = HTTPClientRequest(url: base + path)
        request.method = .init(rawValue: method)
        request.headers.add(name: "Authorization", value: "Bearer \(token)")
        for type in Self.manifestTypes { request.headers.add(name: "Accept", value: type) }
        do {
            let response = try await client.execute(request, timeout: .seconds(30))
            let body = try await response.body.collect(upTo: 16 << 20)
            guard StreamSafeText.isSafe(body.readableBytesView, .json) else {
                throw RegistryClientError(StreamSafeText.refusal)
            }
            return Answer(
                status: Int(response.status.code), body: Data(body.readableBytesView),
                link: response.headers.first(name: "Link"),
                digest: response.headers.first(name: "Docker-Content-Digest"))
        } catch {
            throw RegistryClientError("\(base): \(error)")
        }
    }

    private static let manifestTypes = [
        "application/vnd.oci.image.index.v1+json", "application/vnd.oci.image.manifest.v1+json",
        "application/vnd.docker.distribution.manifest.list.v2+json",
        "application/vnd.docker.distribution.manifest.v2+json", "application/json",
    ]

    private func unexpected(_ answer: Answer, _ path: String) -> RegistryClientError {
        let reason = answer.status == 401 ? ": it does not believe this service's tokens" : ""
        return RegistryClientError("\(base)\(path) answered \(answer.status)\(reason)")
    }
}
