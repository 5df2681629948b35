import AccessModel
import LDAPClient

/// Asks a server how far it has come.
enum ServerClock {
    /// `DirectoryClock.counters`; empty where the server does not say.
    static func read(_ connection: inout LDAPConnection, _ settings: DirectorySettings) -> [String: String] {
        do throws(LDAPError) {
            switch settings.preset {
            case .activeDirectory:
                guard let controller = try ActiveDirectoryFeed.controller(&connection, settings) else { return [:] }
                return ["highestCommittedUSN of \(controller.invocationID)": padded(controller.updateNumber)]
            case .openLDAP:
                var counters: [String: String] = [:]
                for base in [settings.users.base, settings.groups.base] {
                    for number in try OpenLDAPFeed.sequenceNumbers(&connection, above: base) {
                        // GT # COUNT # SID # MOD (RFC 4533 leaves the form to the server; this is slapd's).
                        let parts = number.split(separator: "#", omittingEmptySubsequences: false)
                        guard parts.count == 4 else { continue }
                        let counter = "contextCSN of server \(parts[2])"
                        counters[counter] = max(counters[counter] ?? "", number)
                    }
                }
                return counters
            }
        } catch {
            // A connection that broke breaks the reading, too.
            return [:]
        }
    }

    private static func padded(_ number: Int64) -> String {
        let digits = String(number)
        return String(repeating: "0", count: 19 - digits.count) + digits
    }
}
