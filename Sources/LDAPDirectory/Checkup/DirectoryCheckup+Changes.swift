import AccessControl
import AccessModel
import LDAPClient

// How later readings learn what has changed.
extension DirectoryCheckup {
    private static let step = "changes"

    mutating func followChanges(_ connection: inout LDAPConnection) throws(LDAPError) {
        var log: [String] = []
        let position = ChangeFeed.begin(&connection, settings, url: connection.url.description, log: &log)
        let saw = log.joined(separator: "; ")
        guard let position else {
            return report(Self.step, .warning, saw: saw, advice: withoutFeed)
        }
        switch position.mark {
        case .dirSync(let context, _, _), .updateNumber(let context, _):
            guard try !ActiveDirectoryFeed.seesDeleted(&connection, context) else {
                return report(Self.step, .passed, saw: "\(saw); deleted objects are seen")
            }
            let account = try ownAccount(&connection, context)
            let container = "CN=Deleted Objects,\(context)"
            report(
                Self.step, .warning,
                saw: "\(saw); what was deleted is hidden from the bind account, so that people who are gone are only "
                    + "noticed by full readings",
                advice: "let it list and read \(container). On a domain controller, as a domain administrator: "
                    + "dsacls \"\(container)\" /takeownership and then dsacls \"\(container)\" /G \(account):LCRP")
        case .syncCookies:
            guard users?.error == nil, groups?.error == nil else {
                return report(
                    Self.step, .warning, saw: "\(saw); a size limit holds for it as well",
                    advice: OpenLDAPAdvice.limits(of: settings.bind?.dn))
            }
            report(Self.step, .passed, saw: saw)
        case .modifyTimestamp where settings.preset != .openLDAP:
            report(Self.step, .passed, saw: saw)
        case .modifyTimestamp:
            report(
                Self.step, .warning, saw: saw,
                advice:
                    "add the overlay syncprov to the database, let the bind account read contextCSN at the suffix, and "
                    + "set \(OpenLDAPAdvice.limits(of: settings.bind?.dn))")
        }
    }

    /// What to do where every reading is a full one.
    private var withoutFeed: String {
        if let attribute = settings.computedFilterAttribute {
            return "leave \(attribute) out of the filters and name the group in a rule, or synchronise less often"
        }
        if settings.readsGlobalCatalogue {
            return "name a domain's own port (636 or 389) in \"urls\", or synchronise less often"
        }
        return "choose bases in one naming context of the server, and let the bind account read its root DSE; or "
            + "synchronise less often"
    }

    /// The bind account as Windows' tools name it: `CORP\svc-portreeve`.
    private func ownAccount(_ connection: inout LDAPConnection, _ context: String) throws(LDAPError) -> String {
        guard let dn = settings.bind?.dn else { return "THE BIND ACCOUNT" }
        if dn.contains("\\"), DistinguishedName(dn) == nil { return dn }
        let label = context.split(separator: ",").first?.split(separator: "=").last.map { $0.uppercased() }
        let domain = settings.netBIOSName ?? label ?? "DOMAIN"
        if let at = dn.firstIndex(of: "@") { return "\(domain)\\\(dn[..<at])" }
        do throws(LDAPError) {
            let own = try connection.search(LDAPSearch(base: dn, scope: .base, attributes: ["sAMAccountName"])).first
            if let name = own?.text("sAMAccountName") { return "\(domain)\\\(name)" }
        } catch {
            guard !error.code.isLocal else { throw error }
        }
        return "\(domain)\\\(DistinguishedName(dn)?.commonName ?? "ACCOUNT")"
    }
}
