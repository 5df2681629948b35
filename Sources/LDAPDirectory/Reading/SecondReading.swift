import AccessControl
import AccessModel
import LDAPClient

/// Asks for what a reading did not give by the names of the entries, where no index and no page can hide it, and for
/// groups on whose account somebody loses something as a whole.
struct SecondReading {
    private var search: EntrySearch
    private let settings: DirectorySettings
    private let dialect: any DirectoryDialect

    /// Of so many who would be gone each is looked for; of more so many, evenly.
    private static let people = 200

    init(_ search: EntrySearch) {
        self.search = search
        settings = search.settings
        dialect = search.mapper.dialect
    }

    mutating func answer(
        _ question: SecondLook, _ connection: inout LDAPConnection
    ) throws(DirectoryError) -> SecondLook.Answer {
        var answer = SecondLook.Answer()
        answer.unreadPerson = try firstUnread(of: question.people, &connection)
        for group in question.groups where answer.unreadGroup == nil {
            switch try presence(of: group, &connection) {
            case .there: answer.unreadGroup = group
            case .unclear: answer.unclearGroups.append(group)
            case .gone: break
            }
        }
        for person in question.moved where answer.misplacedPerson == nil {
            if try identity(at: person.dn, settings.users.filter, &connection) != .some(person.externalID) {
                answer.misplacedPerson = person
            }
        }
        for known in question.fed {
            let (groups, reading) = try search.groups(&connection, at: known.dn)
            if let reason = reading.reason { throw .incomplete(reason: reason) }
            for var group in groups {
                if group.members.isEmpty, try hasMembers(group, &connection) {
                    group.membersReading = .incomplete(
                        reason: "it shows no members, and somebody is in it all the same")
                }
                answer.fed.append(group)
            }
        }
        return answer
    }

    private func firstUnread(
        of people: [DirectoryLink], _ connection: inout LDAPConnection
    ) throws(DirectoryError) -> DirectoryLink? {
        let stride = max(1, (people.count + Self.people - 1) / Self.people)
        for place in Swift.stride(from: 0, to: people.count, by: stride) {
            let person = people[place]
            // They may have another name by now, or none here yet. Asked without the filter, as that may need what lacks.
            if let dn = try name(of: person.externalID, below: settings.users, &connection),
                try identity(at: dn, settings.users.filter, &connection) == .some(person.externalID)
            {
                return person
            }
            guard let name = DistinguishedName(person.dn), settings.users.covers(name) else { continue }
            if try identity(at: person.dn, settings.users.filter, &connection) == .some(person.externalID) {
                return person
            }
        }
        return nil
    }

    /// Where an entry is by now; nil if there is none.
    private func name(
        of identity: String, below place: DirectorySettings.Search, _ connection: inout LDAPConnection
    ) throws(DirectoryError) -> String? {
        let search = LDAPSearch(
            base: place.base, scope: LDAPSearch.Scope(place.scope), filter: dialect.filter(identity: identity),
            attributes: ["1.1"], limits: .login)
        do throws(LDAPError) {
            return try connection.search(search).first?.dn
        } catch {
            throw .incomplete(reason: "\(identity): \(error)")
        }
    }

    private enum Presence { case there, gone, unclear }

    private mutating func presence(
        of group: KnownGroup, _ connection: inout LDAPConnection
    ) throws(DirectoryError) -> Presence {
        // It may have another name by now.
        let (renamed, reading) = try search.groups(&connection, passing: dialect.filter(identity: group.externalID))
        guard renamed.isEmpty else { return .there }
        guard reading.isComplete, let name = DistinguishedName(group.dn) else { return .unclear }
        guard settings.groups.covers(name) else { return .gone }
        switch try identity(at: group.dn, settings.groups.filter, &connection) {
        case .absent: return .gone
        case .some(let id): return id == group.externalID ? .there : .gone
        case .nothing: return try isVisiblyLeftOut(group, &connection) ? .gone : .unclear
        }
    }

    /// Whether a group is there, shows all that the filter asks for, and does not pass: somebody changed it.
    private func isVisiblyLeftOut(
        _ group: KnownGroup, _ connection: inout LDAPConnection
    ) throws(DirectoryError) -> Bool {
        let attributes = settings.filterAttributes(of: settings.groups.filter)
        let search = LDAPSearch(
            base: group.dn, scope: .base, attributes: attributes + [dialect.identity], limits: .login)
        do throws(LDAPError) {
            guard let entry = try connection.search(search).first else { return false }
            return dialect.externalID(entry) == group.externalID && attributes.allSatisfy { !entry[$0].isEmpty }
        } catch {
            throw .incomplete(reason: "\(group.dn): \(error)")
        }
    }

    private enum Identity: Equatable {
        /// The server says that there is no such entry.
        case absent
        /// It says nothing of one.
        case nothing
        case some(String)
    }

    private func identity(
        at dn: String, _ filter: String, _ connection: inout LDAPConnection
    ) throws(DirectoryError) -> Identity {
        let search = LDAPSearch(
            base: dn, scope: .base, filter: filter, attributes: [dialect.identity], limits: .login)
        do throws(LDAPError) {
            return try connection.search(search).first.flatMap(dialect.externalID).map { .some($0) } ?? .nothing
        } catch {
            guard error.code == .noSuchObject else { throw .incomplete(reason: "\(dn): \(error)") }
            return .absent
        }
    }

    /// Whether somebody shows to be a member of a group that shows none.
    private func hasMembers(
        _ group: DirectoryGroup, _ connection: inout LDAPConnection
    ) throws(DirectoryError) -> Bool {
        guard let attribute = dialect.groupsOfMember else { return false }
        for place in [settings.users, settings.groups] {
            let search = LDAPSearch(
                base: place.base, scope: LDAPSearch.Scope(place.scope),
                filter: "(\(attribute)=\(LDAPFilter.escape(group.dn)))", attributes: ["1.1"], limits: .login)
            do throws(LDAPError) {
                if try !connection.search(search).isEmpty { return true }
            } catch {
                if error.code == .sizeLimitExceeded { return true }
                throw .incomplete(reason: "\(group.dn): \(error)")
            }
        }
        return false
    }
}
