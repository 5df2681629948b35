import AccessModel
import LDAPClient

/// Why a search did not give everything, in words for the directory's administrator.
enum IncompleteReading {
    static func words(_ error: LDAPError, _ search: DirectorySettings.Search, entries: Int) -> String {
        let server = error.diagnostic.isEmpty ? "" : " (\(error.diagnostic))"
        return switch error.code {
        case .noSuchObject: "there is no \(search.base), or the bind account may not see it"
        case .invalidDNSyntax: "\"\(search.base)\" is not a distinguished name\(server)"
        case .sizeLimitExceeded:
            "the server's size limit stopped the search after \(entries) entries; give the bind account a higher one "
                + "(OpenLDAP: size.prtotal=unlimited)"
        case .adminLimitExceeded:
            "an administrative limit of the server stopped the search after \(entries) entries\(server)"
        case .timeLimitExceeded: "the server's time limit stopped the search after \(entries) entries"
        case .timeout: "the server went silent after \(entries) entries\(server)"
        case .serverDown: "the connection was lost after \(entries) entries\(server)"
        case .referral: "\(search.base) is kept by another server; name that one in \"urls\"\(server)"
        case .cancelled: "cancelled after \(entries) entries"
        default: "after \(entries) entries, \(error)"
        }
    }
}
