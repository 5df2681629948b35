import AccessControl
import AccessModel
import LDAPClient

/// Changes of a domain by the DirSync control, which goes on from a cookie, or where that is not to
/// be had by `uSNChanged`. Both number what one domain controller has seen, in one of its lives.
enum ActiveDirectoryFeed {
    /// What says that a controller is the one that a position belongs to.
    struct Controller {
        var context: String
        var invocationID: String
        var updateNumber: Int64
    }

    static func begin(
        _ connection: inout LDAPConnection, _ settings: DirectorySettings, url: String, log: inout [String]
    ) throws(LDAPError) -> DirectoryPosition? {
        guard !settings.readsGlobalCatalogue else {
            log.append("every reading is a full one: a global catalogue does not say what has changed")
            return nil
        }
        guard let controller = try controller(&connection, settings) else {
            log.append("every reading is a full one: no naming context of the server holds both bases")
            return nil
        }
        var mark = DirectoryPosition.Mark.updateNumber(context: controller.context, controller.updateNumber)
        do throws(LDAPError) {
            // Nothing passes this filter, and the cookie moves over everything.
            let now = try connection.changes(
                in: controller.context, since: [], filter: "(&(objectClass=user)(!(objectClass=user)))",
                attributes: ["name"], limit: 1)
            mark = .dirSync(
                context: controller.context, cookie: now.cookie, updateNumber: controller.updateNumber)
            log.append("follows changes by DirSync")
        } catch {
            guard !error.code.isLocal else { throw error }
            log.append("follows changes by uSNChanged, as DirSync is refused (\(error))")
        }
        return DirectoryPosition(url: url, server: controller.invocationID, mark: mark)
    }

    static func changes(
        _ connection: inout LDAPConnection, _ settings: DirectorySettings, since position: DirectoryPosition
    ) throws(ChangeFeedError) -> ChangeFeed.Answer {
        do throws(LDAPError) {
            guard let controller = try controller(&connection, settings), controller.invocationID == position.server
            else { throw LDAPError("changes", .other, "it is another domain controller, or was restored") }
            var answer: ChangeFeed.Answer
            switch position.mark {
            case .dirSync(let context, let cookie, let number):
                let attributes =
                    EntryMapper(settings).userAttributes + EntryMapper(settings).groupAttributes(range: "")
                    + settings.filterAttributes + ["name", "parentGUID", "isDeleted", "objectGUID"]
                let changes = try connection.changes(
                    in: context, since: cookie, filter: "(objectClass=*)",
                    attributes: Array(Set(attributes)).sorted(), limit: ChangeFeed.limit)
                answer = ChangeFeed.Answer(
                    mark: .dirSync(
                        context: context, cookie: changes.cookie, updateNumber: controller.updateNumber))
                try take(
                    changes.entries, after: number, isMoved: { !$0["name"].isEmpty || !$0["parentGUID"].isEmpty },
                    &answer,
                    &connection, context)
            case .updateNumber(let context, let number):
                var entries: [LDAPEntry] = []
                var summary = LDAPSearchSummary()
                let search = LDAPSearch(
                    base: context, filter: "(uSNChanged>=\(number + 1))", attributes: ["objectGUID", "isDeleted"],
                    pageSize: settings.pageSize, controls: [.showDeleted])
                try connection.search(search, summary: &summary) { (entry) throws(LDAPError) in
                    guard entries.count < ChangeFeed.limit else { throw ChangeFeed.tooMany }
                    entries.append(entry)
                }
                answer = ChangeFeed.Answer(mark: .updateNumber(context: context, controller.updateNumber))
                try take(entries, after: number, isMoved: { _ in true }, &answer, &connection, context)
            case .syncCookies, .modifyTimestamp:
                throw LDAPError("changes", .other, "the position is of another kind of directory")
            }
            if try !seesDeleted(&connection, controller.context) {
                answer.goneReading = .incomplete(
                    reason: "the bind account does not see what was deleted, so removals wait for the next full "
                        + "reading: let it list and read CN=Deleted Objects")
            }
            return answer
        } catch {
            throw ChangeFeedError(error)
        }
    }

    /// Whether the account may read the container of deleted objects, which by default only
    /// administrators may (MS-ADTS 3.1.1.4.1.9 has its well-known GUID).
    static func seesDeleted(_ connection: inout LDAPConnection, _ context: String) throws(LDAPError) -> Bool {
        let container = LDAPSearch(
            base: "<WKGUID=18E2EA80684F11D2B9AA00C04F79F805,\(context)>", scope: .base, attributes: ["objectClass"],
            controls: [.showDeleted])
        do throws(LDAPError) {
            return try connection.search(container).first?["objectClass"].isEmpty == false
        } catch {
            guard !error.code.isLocal else { throw error }
            return false
        }
    }

    /// - Parameters:
    ///   - number: `uSNCreated` of what is new is greater.
    ///   - isMoved: whether a changed object may have another name than before. If one that holds
    ///     others has, theirs have changed too, and nobody says so.
    private static func take(
        _ entries: [LDAPEntry], after number: Int64, isMoved: (LDAPEntry) -> Bool, _ answer: inout ChangeFeed.Answer,
        _ connection: inout LDAPConnection, _ context: String
    ) throws(LDAPError) {
        let dialect = ActiveDirectoryDialect()
        var moved: [String] = []
        for entry in entries {
            guard let id = dialect.externalID(entry) else { continue }
            if entry.text("isDeleted")?.uppercased() == "TRUE" {
                answer.deleted.insert(id)
            } else {
                answer.changed.insert(id)
                if isMoved(entry) { moved.append(id) }
            }
        }
        for batch in moved.batches(of: 100) {
            let ids = batch.map { dialect.filter(identity: $0) }.joined()
            let holders = "(|(objectClass=organizationalUnit)(objectClass=container)(objectClass=domain))"
            let found = try connection.search(
                LDAPSearch(base: context, filter: "(&\(holders)(|\(ids)))", attributes: ["uSNCreated"]))
            // A new one held nobody before, and who was moved into it has changed as well.
            let old = found.first { ($0.text("uSNCreated").flatMap { Int64($0) } ?? 0) <= number }
            if let old {
                throw LDAPError("changes", .other, "\(old.dn) has changed, and may have moved all in it")
            }
        }
    }

    static func controller(
        _ connection: inout LDAPConnection, _ settings: DirectorySettings
    ) throws(LDAPError) -> Controller? {
        let root = try connection.search(
            LDAPSearch(
                base: "", scope: .base, attributes: ["namingContexts", "dsServiceName", "highestCommittedUSN"])
        ).first
        let bases = [settings.users.base, settings.groups.base].compactMap { DistinguishedName($0) }
        let context = root?["namingContexts"].strings.filter { text in
            DistinguishedName(text).map { name in bases.allSatisfy { $0.isWithin(name) } } ?? false
        }.max { $0.utf8.count < $1.utf8.count }
        guard let context, let service = root?.text("dsServiceName"),
            let number = root?.text("highestCommittedUSN").flatMap({ Int64($0) }), (0..<Int64.max).contains(number)
        else { return nil }
        let server = try connection.search(LDAPSearch(base: service, scope: .base, attributes: ["invocationId"])).first
        guard let id = server?["invocationId"].first.flatMap(WindowsFormat.guid) else { return nil }
        return Controller(context: context, invocationID: id, updateNumber: number)
    }
}

extension Array {
    /// The elements in order, so many at a time.
    func batches(of size: Int) -> [ArraySlice<Element>] {
        stride(from: 0, to: count, by: size).map { self[$0..<Swift.min($0 + size, count)] }
    }
}
