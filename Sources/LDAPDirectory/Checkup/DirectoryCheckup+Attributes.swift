import AccessControl
import AccessModel
import LDAPClient

// An attribute that nobody has is misspelt, or hidden from the bind account.
extension DirectoryCheckup {
    /// An attribute that the settings or the preset ask for.
    private struct Asked {
        var setting: String
        var attribute: String
        /// Whether a synchronisation can do nothing without it.
        var isVital: Bool
    }

    mutating func judgeAttributes() {
        guard let people = users?.entries, !people.isEmpty else {
            return skip("attributes", because: "no entry of a person was read")
        }
        let ofPeople = askedOfPeople
        let ofGroups = groups?.entries.isEmpty == false ? askedOfGroups : []
        let missing =
            ofPeople.filter { asked in !people.contains { !$0[asked.attribute].isEmpty } }
            + ofGroups.filter { asked in
                !isShown(asked.setting == "member" ? mapper.memberAttributes : [asked.attribute])
            }
        let found = (ofPeople + ofGroups).filter { asked in !missing.contains { $0.setting == asked.setting } }
        let saw = found.isEmpty ? "" : "found \(Self.words(found)); "
        guard !missing.isEmpty else { return report("attributes", .passed, saw: "found \(Self.words(found))") }
        let isOfGroups = missing.allSatisfy { asked in ofGroups.contains { $0.setting == asked.setting } }
        report(
            "attributes", missing.contains(where: \.isVital) ? .failed : .warning,
            saw: "\(saw)\(isOfGroups ? "no group" : "nobody") has \(Self.words(missing))",
            advice: "check the spelling in \"attributes\", or let the bind account read "
                + Set(missing.map(\.attribute)).sorted().joined(separator: ", "))
    }

    private var askedOfPeople: [Asked] {
        let attributes = settings.attributes
        var asked = [
            Asked(setting: "login", attribute: attributes.login, isVital: true),
            Asked(setting: "identity", attribute: mapper.dialect.identity, isVital: true),
            Asked(setting: "full_name", attribute: attributes.fullName, isVital: false),
            Asked(setting: "email", attribute: attributes.email, isVital: false),
        ]
        if !attributes.principalName.isEmpty {
            asked.append(Asked(setting: "principal_name", attribute: attributes.principalName, isVital: false))
        }
        for mark in attributes.inactive {
            asked.append(Asked(setting: "inactive", attribute: mark.attribute, isVital: false))
        }
        if settings.preset == .activeDirectory {
            asked.append(Asked(setting: "disabled or not", attribute: "userAccountControl", isVital: true))
            asked.append(Asked(setting: "end of the account", attribute: "accountExpires", isVital: false))
        }
        return asked
    }

    private var askedOfGroups: [Asked] {
        [
            Asked(setting: "member", attribute: settings.attributes.member, isVital: false),
            Asked(setting: "identity of groups", attribute: mapper.dialect.identity, isVital: true),
        ]
    }

    /// Whether some group has one of the attributes.
    private func isShown(_ attributes: [String]) -> Bool {
        groups?.entries.contains { entry in
            attributes.contains { !entry[$0].isEmpty || entry.range(of: $0) != nil }
        } ?? false
    }

    private static func words(_ asked: [Asked]) -> String {
        asked.map { "\($0.setting) (\($0.attribute))" }.joined(separator: ", ")
    }
}
