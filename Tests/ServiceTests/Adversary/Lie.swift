import AccessModel
import Synchronization
import TestSupport
import Testing

/// An answer with success that is not the truth.
struct Lie: Sendable, CustomTestStringConvertible {
    /// How the run reads.
    enum Feed: String, CaseIterable, Sendable { case full, dirSync, updateNumbers }

    /// Which questions are answered so.
    enum Stage: String, CaseIterable, Sendable {
        /// Searches for people and groups; what is asked by name is answered in truth.
        case searches
        /// The first time only that an entry is given.
        case once
        /// Everything, second looks included: no look can show it.
        case everything
    }

    let name: String
    /// - Parameter request: of which the answer is changed.
    let change: @Sendable (_ request: SearchRequest, _ entries: inout [WireEntry]) -> Void

    var testDescription: String { name }

    /// Answers with this lie.
    func script(_ stage: Stage) -> @Sendable (SearchRequest) -> WindowsDirectory.Scripted? {
        let given = Given()
        return { request in
            // The server itself and its configuration.
            guard request.base.lowercased().hasSuffix(WindowsDirectory.base.lowercased()),
                !request.base.contains("CN=Configuration"), !request.base.contains("WKGUID")
            else { return nil }
            switch stage {
            case .searches where request.scope == .base: return nil
            case .once:
                return .entries { entries in
                    var new = entries.filter { given.isFirst($0.dn) }
                    let known = entries.filter { entry in !new.contains { $0.dn == entry.dn } }
                    change(request, &new)
                    entries = known + new
                }
            default: return .entries { change(request, &$0) }
            }
        }
    }
}

/// Entries that were given before.
private final class Given: Sendable {
    private let known = Mutex<Set<String>>([])

    func isFirst(_ dn: String) -> Bool { known.withLock { $0.insert(dn).inserted } }
}

extension WireEntry {
    func has(_ name: String) -> Bool {
        attributes.contains { $0.name.lowercased() == name.lowercased() && !$0.values.isEmpty }
    }

    mutating func hide(_ name: String) {
        attributes.removeAll { $0.name.lowercased().split(separator: ";").first.map(String.init) == name.lowercased() }
    }

    mutating func set(_ name: String, _ values: [[UInt8]]) {
        hide(name)
        attributes.append(WireAttribute(name: name, values: values))
    }

    mutating func keep(_ count: Int, of name: String) {
        for place in attributes.indices where attributes[place].name.lowercased().hasPrefix(name.lowercased()) {
            attributes[place].values = Array(attributes[place].values.prefix(count))
        }
    }

    var isPerson: Bool { dn.hasPrefix("CN=p") }
    var isGroup: Bool { dn.hasPrefix("CN=registry") || dn.hasPrefix("CN=nested") }
}

extension Lie {
    static let all = [
        Lie(name: "one person is left out") { _, entries in entries.removeAll { $0.dn.hasPrefix("CN=p3,") } },
        Lie(name: "most people are left out") { _, entries in
            entries.removeAll { $0.isPerson && !$0.dn.hasPrefix("CN=p1") }
        },
        Lie(name: "everybody is left out") { _, entries in entries.removeAll(where: \.isPerson) },
        Lie(name: "a group is left out") { _, entries in entries.removeAll { $0.dn.hasPrefix("CN=registry-acme-ops,") }
        },
        Lie(name: "the organisation's group is left out") { _, entries in
            entries.removeAll { $0.dn.hasPrefix("CN=registry-acme,") }
        },
        Lie(name: "a nested group is left out") { _, entries in entries.removeAll { $0.dn.hasPrefix("CN=nested,") } },
        Lie(name: "all groups are left out") { _, entries in entries.removeAll(where: \.isGroup) },
        Lie(name: "nothing is given") { _, entries in entries = [] },
        Lie(name: "a group shows a part of its members") { _, entries in
            for place in entries.indices where entries[place].isGroup { entries[place].keep(2, of: "member") }
        },
        Lie(name: "groups show no members") { _, entries in
            for place in entries.indices where entries[place].isGroup { entries[place].hide("member") }
        },
        Lie(name: "no login is shown") { _, entries in
            for place in entries.indices where entries[place].isPerson { entries[place].hide("sAMAccountName") }
        },
        Lie(name: "nobody shows what makes inactive") { _, entries in
            for place in entries.indices where entries[place].isPerson { entries[place].hide("userAccountControl") }
        },
        Lie(name: "no class is shown") { _, entries in
            for place in entries.indices { entries[place].hide("objectClass") }
        },
        Lie(name: "identities are hidden") { _, entries in
            for place in entries.indices where entries[place].isPerson { entries[place].hide("objectGUID") }
        },
        Lie(name: "names and addresses are hidden") { _, entries in
            for place in entries.indices where entries[place].isPerson {
                entries[place].hide("displayName")
                entries[place].hide("mail")
            }
        },
        Lie(name: "an identity is another one") { _, entries in
            for place in entries.indices where entries[place].dn.hasPrefix("CN=p3,") {
                let id = entries[place].attributes.first { $0.name.lowercased() == "objectguid" }?.values.first ?? []
                entries[place].set("objectGUID", [id.map { $0 ^ 1 }])
            }
        },
        Lie(name: "somebody is called deleted") { _, entries in
            for place in entries.indices where entries[place].dn.hasPrefix("CN=p3,") {
                entries[place].set("isDeleted", [Array("TRUE".utf8)])
            }
        },
        Lie(name: "everybody is called deleted") { _, entries in
            for place in entries.indices { entries[place].set("isDeleted", [Array("TRUE".utf8)]) }
        },
        Lie(name: "a group comes twice, with other members") { _, entries in
            for entry in entries where entry.isGroup {
                var other = entry
                other.keep(1, of: "member")
                entries.append(other)
            }
        },
        Lie(name: "people stand under each other's names") { _, entries in
            let people = entries.indices.filter { entries[$0].isPerson }
            guard let first = people.first, let last = people.last else { return }
            (entries[first].dn, entries[last].dn) = (entries[last].dn, entries[first].dn)
        },
    ]
}
