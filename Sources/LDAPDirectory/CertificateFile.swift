/// Whether a file holds certificates in the form that is read: PEM (RFC 7468).
enum CertificateFile {
    /// Why it does not, and how to convert it; nil if it does.
    static func objection(to bytes: [UInt8], at path: String) -> String? {
        func converted(_ command: String) -> String {
            "convert it with openssl \(command) -in \(path) -out \(path).pem"
        }
        if bytes.isEmpty { return "it is empty" }
        if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
            return "it is UTF-16; save it as ASCII or UTF-8"
        }
        let text = String(decoding: bytes, as: UTF8.self)
        let labels = ["CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE"]
        if labels.contains(where: { text.contains("-----BEGIN \($0)-----") }) { return nil }
        if text.contains("-----BEGIN PKCS7-----") {
            return "it holds a PKCS#7 bundle and no PEM certificate; \(converted("pkcs7 -print_certs"))"
        }
        if text.contains("PRIVATE KEY-----") { return "it holds a private key and no certificate" }
        guard bytes.first == 0x30 else { return "it holds no PEM certificate (a line -----BEGIN CERTIFICATE-----)" }
        if bytes.firstRange(of: signedData) != nil {
            return "it holds a PKCS#7 bundle and no PEM certificate; \(converted("pkcs7 -inform der -print_certs"))"
        }
        if bytes.firstRange(of: bags) != nil {
            return "it holds a PKCS#12 archive and no PEM certificate; \(converted("pkcs12 -nokeys"))"
        }
        return "it is DER and holds no PEM certificate; \(converted("x509 -inform der"))"
    }

    // 1.2.840.113549.1.7.2 and 1.2.840.113549.1.12.10.1, in DER.
    private static let signedData: [UInt8] = [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07, 0x02]
    private static let bags: [UInt8] = [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x0C, 0x0A, 0x01]
}
