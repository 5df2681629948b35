import AccessModel
import Glibc
import LDAPClient

/// Why TLS with a server did not come about, in words for the directory's administrator.
struct TLSFailure {
    let words: String
    let advice: String
    /// Whether it is the certificate, which another try will not change.
    let isDistrust: Bool
    /// The certificates that the server sent, its own first; empty where none were seen.
    let chain: [String]

    /// - Parameter looksCloser: whether to ask the server once more for what it sends: one connection.
    init(_ error: LDAPError, _ endpoint: LDAPEndpoint, looksCloser: Bool) {
        let unknown = error.diagnostic.contains("unknown error code")
        guard looksCloser else {
            words = unknown ? "its certificate does not verify" : "TLS does not come about: \(error.diagnostic)"
            advice = "see portreeve directory test"
            isDistrust = unknown
            chain = []
            return
        }
        do throws(LDAPError) {
            let seen = try ServerCertificates(of: endpoint)
            chain = seen.chain.map(Self.words)
            isDistrust = !seen.objections.isEmpty
            guard isDistrust else {
                let isLocalhost = endpoint.url.host == "localhost"
                words =
                    isLocalhost
                    ? "its certificate does not name this machine, which libldap asks for in place of \"localhost\""
                    : "TLS broke off, though nothing stands against its certificate"
                advice =
                    isLocalhost
                    ? "write 127.0.0.1 or the machine's own name in \"urls\", and let the certificate name that"
                    : "try again; if it happens each time, look into the server's log"
                return
            }
            let findings = seen.findings(endpoint)
            words = findings.map(\.saw).joined(separator: "; ")
            advice = findings.map(\.advice).joined(separator: "; ")
        } catch {
            let isRefused = error.operation == "start TLS"
            words =
                (isRefused ? "it refuses StartTLS: " : "TLS does not come about: ")
                + (error.diagnostic.isEmpty ? error.description : error.diagnostic)
            advice =
                isRefused
                ? "give the server a certificate, or use ldaps:// with the mode \"ldaps\""
                : "check that it speaks TLS there (ldaps:// is mostly at 636 or 3269, StartTLS at 389), and look into its log"
            isDistrust = false
            chain = []
        }
    }

    private static func words(_ certificate: ServerCertificates.Certificate) -> String {
        let names = certificate.names.isEmpty ? "" : " for \(listed(certificate.names))"
        return
            "\(certificate.subject)\(names), signed by \(certificate.isSelfSigned ? "itself" : certificate.issuer), valid "
            + "from \(day(certificate.validFrom)) to \(day(certificate.validUntil))"
    }

    fileprivate static func day(_ seconds: Int64) -> Substring { Timestamp(seconds: seconds).description.prefix(10) }
}

/// A certificate may name hundreds.
private func listed(_ names: [String]) -> String {
    (names.prefix(10) + (names.count > 10 ? ["and \(names.count - 10) more"] : [])).joined(separator: ", ")
}

extension ServerCertificates {
    fileprivate struct Finding {
        var saw: String
        var advice: String
    }

    fileprivate func findings(_ endpoint: LDAPEndpoint) -> [Finding] {
        let order: [Objection] = [.expired, .notYetValid, .otherName, .unknownIssuer]
        let known = order.filter(objections.contains)
        let others = objections.subtracting(known)
        return (known + others).map { finding($0, endpoint) }
    }

    private func finding(_ objection: Objection, _ endpoint: LDAPEndpoint) -> Finding {
        let own = chain.first
        switch objection {
        case .expired:
            let now = Int64(time(nil))
            guard let oldest = chain.first(where: { $0.validUntil < now }) else {
                return Finding(
                    saw: "an authority in \(Self.trusted(by: endpoint)) has expired that signed its certificate",
                    advice: "put the authority's new certificate into \"tls.ca_file\"")
            }
            let what = oldest == own ? "its certificate" : "the certificate of \(oldest.subject)"
            return Finding(
                saw: "\(what) expired on \(TLSFailure.day(oldest.validUntil))",
                advice: oldest.isSelfSigned && oldest != own
                    ? "renew it on the server and in \"tls.ca_file\"" : "renew it on the server")
        case .notYetValid:
            let newest = chain.max { $0.validFrom < $1.validFrom }
            return Finding(
                saw: "its certificate is valid from \(TLSFailure.day(newest?.validFrom ?? 0)) on",
                advice: "compare the clocks of both machines")
        case .otherName:
            let names = own?.names ?? []
            return Finding(
                saw: names.isEmpty
                    ? "its certificate names no host in subjectAltName, so not \(endpoint.url.host) either"
                    : "its certificate is for \(listed(names)), and not for \(endpoint.url.host)",
                advice: "name the server in \"urls\" as its certificate does, or give it a certificate for that name")
        case .unknownIssuer:
            return issuer(endpoint)
        case .other(let text):
            return Finding(saw: text, advice: "give the server another certificate")
        }
    }

    private static func trusted(by endpoint: LDAPEndpoint) -> String {
        endpoint.caFile.map { "\"tls.ca_file\" (\($0))" } ?? "the system's list (\"tls.ca_file\" is not set)"
    }

    private func issuer(_ endpoint: LDAPEndpoint) -> Finding {
        let trusted = Self.trusted(by: endpoint)
        guard let last = chain.last, !last.isSelfSigned else {
            let what =
                chain.count == 1
                ? "its certificate signed itself, and is"
                : "its certificate is signed by \(chain.last?.subject ?? ""), which is"
            return Finding(
                saw: "\(what) not in \(trusted)", advice: "put the authority's certificate into \"tls.ca_file\"")
        }
        let only = chain.count == 1 ? "it sends only its own certificate, which" : "the last certificate that it sends"
        return Finding(
            saw: "\(only) is signed by \(last.issuer), and that is not in \(trusted)",
            advice:
                "put the certificate of \(last.issuer) into \"tls.ca_file\"; if that is an intermediate authority, let the "
                + "server send its certificate as well")
    }
}
