import AccessModel
import LDAPClient

/// Asks a server how far it has come.
enum ServerClock {
    /// Empty where the server does not say.
    static func read(_ connection: inout LDAPConnection, _ settings: DirectorySettings) -> [DirectoryClock.Counter] {
        do throws(LDAPError) {
            switch settings.preset {
            case .activeDirectory:
                guard let controller = try ActiveDirectoryFeed.controller(&connection, settings) else { return [] }
                return [
                    .init(
                        scope: "highestCommittedUSN of \(controller.invocationID)",
                        value: padded(controller.updateNumber))
                ]
            case .openLDAP, .freeIPA, .custom:
                var counters: [DirectoryClock.Counter] = []
                for base in Set([settings.users.base, settings.groups.base]) {
                    let (suffix, numbers) = try StandardFeed.sequenceNumbers(&connection, above: base)
                    for number in numbers {
                        // GT # COUNT # SID # MOD (RFC 4533 leaves the form to the server; this is slapd's).
                        let parts = number.split(separator: "#", omittingEmptySubsequences: false)
                        guard parts.count == 4 else { continue }
                        counters.append(
                            .init(scope: "contextCSN of \(suffix)", server: String(parts[2]), value: number))
                    }
                }
                return counters
            }
        } catch {
            // A connection that broke breaks the reading, too.
            return []
        }
    }

    private static func padded(_ number: Int64) -> String {
        let digits = String(number)
        return String(repeating: "0", count: 19 - digits.count) + digits
    }
}
