import Foundation

/// The address of a client, as far as it tells one client from another.
public enum ClientAddress {
    /// `192.0.2.1` for an IPv4 address, also where it is written as an IPv6 one (RFC 4291, 2.5.5.2); of an IPv6
    /// address its network, `2001:db8:1:2::/64`, of which one client has all. nil for anything else.
    public static func network(of text: String) -> String? {
        guard let bytes = bytes(of: text) else { return nil }
        if bytes.count == 4 { return bytes.map(String.init).joined(separator: ".") }
        let groups = stride(from: 0, to: 8, by: 2).map { place in
            String(UInt16(bytes[place]) << 8 | UInt16(bytes[place + 1]), radix: 16)
        }
        return groups.joined(separator: ":") + "::/64"
    }

    /// The address in an element of `X-Forwarded-For`: `192.0.2.1`, `192.0.2.1:5000`, `2001:db8::1` or
    /// `[2001:db8::1]:5000`, in its usual form (RFC 5952) and without a zone. nil for anything else.
    package static func plain(_ text: String) -> String? {
        var text = text.trimmingCharacters(in: .whitespaces)
        if text.hasPrefix("["), let end = text.firstIndex(of: "]") {
            let rest = text[text.index(after: end)...]
            guard rest.isEmpty || rest.first == ":" && UInt16(rest.dropFirst()) != nil else { return nil }
            text = String(text[text.index(after: text.startIndex)..<end])
        } else if let colon = text.firstIndex(of: ":"), !text[text.index(after: colon)...].contains(":") {
            guard UInt16(text[text.index(after: colon)...]) != nil else { return nil }
            text = String(text[..<colon])
        }
        return bytes(of: text).flatMap(Self.text)
    }

    private static func text(_ bytes: [UInt8]) -> String? {
        if bytes.count == 4 { return bytes.map(String.init).joined(separator: ".") }
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        guard inet_ntop(AF_INET6, bytes, &text, socklen_t(text.count)) != nil else { return nil }
        return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// Four bytes, or sixteen.
    package static func bytes(of text: String) -> [UInt8]? {
        var v4 = in_addr()
        if inet_pton(AF_INET, text, &v4) == 1 { return withUnsafeBytes(of: &v4) { Array($0) } }
        // A zone, as in fe80::1%eth0, is no part of the address.
        let plain = text.split(separator: "%", maxSplits: 1, omittingEmptySubsequences: false).first.map(String.init)
        var v6 = in6_addr()
        guard let plain, inet_pton(AF_INET6, plain, &v6) == 1 else { return nil }
        let bytes = withUnsafeBytes(of: &v6) { Array($0) }
        let isMapped = bytes[..<10].allSatisfy { $0 == 0 } && bytes[10] == 0xFF && bytes[11] == 0xFF
        return isMapped ? Array(bytes[12...]) : bytes
    }
}
