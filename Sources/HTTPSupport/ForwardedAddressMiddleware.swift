import Foundation
import HTTPTypes
public import Hummingbird

/// Takes the client's address from `X-Forwarded-For` where the connection comes from a trusted
/// proxy, and from nobody else: the address is what wrong secrets are counted for.
public struct ForwardedAddressMiddleware: RouterMiddleware {
    private let trusted: [AddressRange]

    public init(trusted: [AddressRange]) { self.trusted = trusted }

    public func handle(
        _ request: Request, context: APIContext, next: (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        guard !trusted.isEmpty, isTrusted(context.address), let header = request.headers[.forwardedFor] else {
            return try await next(request, context)
        }
        var context = context
        // Each proxy appends whom it saw: the last that is no proxy of ours is the client.
        let chain = header.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
        context.address = chain.last { !isTrusted($0) } ?? context.address
        return try await next(request, context)
    }

    private func isTrusted(_ address: String) -> Bool { trusted.contains { $0.contains(address) } }
}

extension HTTPField.Name {
    fileprivate static let forwardedFor = HTTPField.Name("X-Forwarded-For") ?? .via
}

/// Addresses in CIDR notation (RFC 4632, RFC 4291): `10.0.0.0/8`, `::1`.
public struct AddressRange: Hashable, Sendable {
    private let bytes: [UInt8]
    private let prefix: Int

    public init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard let first = parts.first, let bytes = Self.bytes(String(first)), parts.count <= 2 else { return nil }
        self.bytes = bytes
        if parts.count == 2 {
            guard let prefix = Int(parts[1]), (0...bytes.count * 8).contains(prefix) else { return nil }
            self.prefix = prefix
        } else {
            prefix = bytes.count * 8
        }
    }

    public func contains(_ address: String) -> Bool {
        guard let other = Self.bytes(address), other.count == bytes.count else { return false }
        return (0..<prefix).allSatisfy { bit in
            let mask: UInt8 = 0x80 >> UInt8(bit % 8)
            return bytes[bit / 8] & mask == other[bit / 8] & mask
        }
    }

    private static func bytes(_ text: String) -> [UInt8]? {
        var v4 = in_addr()
        if inet_pton(AF_INET, text, &v4) == 1 { return withUnsafeBytes(of: &v4) { Array($0) } }
        var v6 = in6_addr()
        return inet_pton(AF_INET6, text, &v6) == 1 ? withUnsafeBytes(of: &v6) { Array($0) } : nil
    }
}
