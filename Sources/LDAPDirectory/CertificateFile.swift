import Glibc

/// Whether a file holds certificates in the form that is read: PEM (RFC 7468).
enum CertificateFile {
    /// The list of a system is a quarter of that.
    private static let limit = 1 << 20

    /// Why it does not, and how to convert it; nil if it does.
    static func objection(at path: String) -> String? {
        // A pipe would be waited for, and a device has no end.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return "it cannot be read: \(String(cString: strerror(errno)))" }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return "it is no file" }
        guard status.st_size <= limit else { return "it is larger than any file of certificates" }
        var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
        var count = 0
        while count < bytes.count {
            let part = bytes.withUnsafeMutableBytes { read(descriptor, $0.baseAddress! + count, $0.count - count) }
            guard part > 0 else { break }
            count += part
        }
        return objection(to: Array(bytes.prefix(count)), at: path)
    }

    private static func objection(to bytes: [UInt8], at path: String) -> String? {
        func converted(_ command: String) -> String {
            "convert it with openssl \(command) -in \(path) -out \(path).pem"
        }
        if bytes.isEmpty { return "it is empty" }
        if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) || bytes.prefix(2).contains(0) {
            return "it is UTF-16; save it as ASCII or UTF-8"
        }
        let text = String(decoding: bytes, as: UTF8.self)
        let labels = ["CERTIFICATE", "X509 CERTIFICATE"]
        if labels.contains(where: { text.contains("-----BEGIN \($0)-----") }) { return nil }
        if text.contains("-----BEGIN TRUSTED CERTIFICATE-----") {
            return "it holds a certificate in OpenSSL's own form only; \(converted("x509"))"
        }
        if text.contains("-----BEGIN PKCS7-----") {
            return "it holds a PKCS#7 bundle and no PEM certificate; \(converted("pkcs7 -print_certs"))"
        }
        if text.contains("PRIVATE KEY-----") { return "it holds a private key and no certificate" }
        guard bytes.first == 0x30 else { return "it holds no PEM certificate (a line -----BEGIN CERTIFICATE-----)" }
        if isArchive(bytes) {
            return "it holds a PKCS#12 archive and no PEM certificate; \(converted("pkcs12 -nokeys"))"
        }
        if bytes.firstRange(of: signedData) != nil {
            return "it holds a PKCS#7 bundle and no PEM certificate; \(converted("pkcs7 -inform der -print_certs"))"
        }
        return "it is DER and holds no PEM certificate; \(converted("x509 -inform der"))"
    }

    /// PFX (RFC 7292, 4): a sequence that begins with the version 3.
    private static func isArchive(_ bytes: [UInt8]) -> Bool {
        guard bytes.count > 8 else { return false }
        let header = bytes[1] < 0x80 ? 2 : 2 + Int(bytes[1] & 0x7F)
        return bytes.dropFirst(header).starts(with: [0x02, 0x01, 0x03])
    }

    // 1.2.840.113549.1.7.2, in DER.
    private static let signedData: [UInt8] = [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07, 0x02]
}
