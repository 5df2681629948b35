import AccessControl
import AccessModel
import LDAPClient

/// How a directory tells what has changed. Each kind of feed only names the entries: they are
/// read anew with the ordinary searches, so that what is seen is what a full reading would see.
enum ChangeFeed {
    /// What a feed says has changed since a mark.
    struct Answer {
        /// Identities of new and changed entries, of whatever kind.
        var changed: Set<String> = []
        /// Identities of entries that are gone.
        var deleted: Set<String> = []
        /// Of some bases who is still there: every other entry below them is gone.
        var present: [(base: DistinguishedName, ids: Set<String>)] = []
        /// Whether a deleted entry may have held others, of whom nobody says that they are gone with it.
        var namesHoldersOnly = false
        /// Whether everything that is gone is named.
        var goneReading = Completeness.complete
        var mark: DirectoryPosition.Mark
    }

    /// More changes than this are read faster all at once.
    static let limit = 5_000

    static var tooMany: LDAPError {
        LDAPError("changes", .sizeLimitExceeded, "more than \(limit) entries have changed")
    }

    /// Where in its history the directory is now, to be asked before it is read. nil if it cannot tell.
    /// - Parameter log: told which way was chosen, and why not another one.
    static func begin(
        _ connection: inout LDAPConnection, _ settings: DirectorySettings, url: String, log: inout [String]
    ) -> DirectoryPosition? {
        if let attribute = settings.computedFilterAttribute {
            log.append(
                "every reading is a full one: a filter asks for \(attribute), which changes without a change of the entry"
            )
            return nil
        }
        do throws(LDAPError) {
            switch settings.preset {
            case .activeDirectory:
                return try ActiveDirectoryFeed.begin(&connection, settings, url: url, log: &log)
            case .openLDAP, .freeIPA, .custom:
                return try StandardFeed.begin(&connection, settings, url: url, log: &log)
            }
        } catch {
            log.append("every reading is a full one: the directory does not say where it is (\(error))")
            return nil
        }
    }

    static func changes(
        _ connection: inout LDAPConnection, _ settings: DirectorySettings, since position: DirectoryPosition
    ) throws(ChangeFeedError) -> Answer {
        switch settings.preset {
        case .activeDirectory: try ActiveDirectoryFeed.changes(&connection, settings, since: position)
        case .openLDAP, .freeIPA, .custom: try StandardFeed.changes(&connection, settings, since: position)
        }
    }
}

enum ChangeFeedError: Error {
    /// The connection is of no more use; nothing was learnt.
    case broken(LDAPError)
    /// The feed cannot go on from the mark; a full reading can.
    case lost(String)

    init(_ error: LDAPError) {
        self =
            error.code.isLocal && error.code != .filterError && error.code != .parameterError
            ? .broken(error) : .lost(error.description)
    }
}

extension DirectorySettings {
    /// An attribute in the filters that servers compute: `memberOf` of a person changes when a group
    /// does, and the person's entry is not told as changed.
    var computedFilterAttribute: String? {
        let filters = (users.filter + groups.filter).lowercased()
        return ["memberOf", "isMemberOf", "tokenGroups", "primaryGroupToken", "nsRole", "1.2.840.113556.1.4.1941"]
            .first { filters.contains($0.lowercased()) }
    }

    /// The attributes that the filters ask for (RFC 4515).
    var filterAttributes: [String] { filterAttributes(of: users.filter, groups.filter) }

    func filterAttributes(of filters: String...) -> [String] {
        var found: [String] = []
        for filter in filters {
            for part in filter.split(separator: "(").dropFirst() {
                let name = part.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == ".") }
                if !name.isEmpty, !found.contains(where: { $0.lowercased() == name.lowercased() }) {
                    found.append(String(name))
                }
            }
        }
        return found
    }
}
