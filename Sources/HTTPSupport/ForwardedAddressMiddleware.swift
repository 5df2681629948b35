import AccessControl
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
        // Whoever a proxy cannot tell is not the proxy.
        context.address = client(in: header) ?? "unknown"
        return try await next(request, context)
    }

    /// Each proxy appends whom it saw: the last that is no proxy of ours is the client. What is no address ends the
    /// chain: nobody of ours wrote what stands before it.
    private func client(in header: String) -> String? {
        var client: String?
        for hop in header.utf8.suffix(4_096).split(separator: UInt8(ascii: ",")).suffix(32).reversed() {
            guard let address = ClientAddress.plain(String(decoding: hop, as: UTF8.self)) else { return client }
            client = address
            if !isTrusted(address) { return client }
        }
        return client
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
        guard let first = parts.first, let bytes = ClientAddress.bytes(of: String(first)), parts.count <= 2 else {
            return nil
        }
        self.bytes = bytes
        if parts.count == 2 {
            guard let prefix = Int(parts[1]), (0...bytes.count * 8).contains(prefix) else { return nil }
            self.prefix = prefix
        } else {
            prefix = bytes.count * 8
        }
    }

    public func contains(_ address: String) -> Bool {
        guard let other = ClientAddress.bytes(of: address), other.count == bytes.count else { return false }
        return (0..<prefix).allSatisfy { bit in
            let mask: UInt8 = 0x80 >> UInt8(bit % 8)
            return bytes[bit / 8] & mask == other[bit / 8] & mask
        }
    }
}
