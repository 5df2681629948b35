import AccessModel
import ReferenceModel
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
    let change: @Sendable (inout [WireEntry]) -> Void

    var testDescription: String { name }

    /// The same between the program and a real server, entry by entry.
    func rewriting(_ stage: Stage) -> @Sendable (WireAnswer) -> [WireAnswer] {
        let given = Given()
        return { answer in
            guard let entry = answer.entry, let request = answer.request, !request.base.isEmpty else { return [answer] }
            switch stage {
            case .searches where request.scope == .base: return [answer]
            case .once where !given.isFirst(entry.dn): return [answer]
            default:
                var entries = [entry]
                change(&entries)
                return entries.map { entry in
                    var answer = answer
                    answer.entry = entry
                    return answer
                }
            }
        }
    }

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
                    change(&new)
                    entries = known + new
                }
            default: return .entries { change(&$0) }
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

    /// Changes the last bit of the identity.
    mutating func flipIdentity() {
        for place in attributes.indices where ["objectguid", "entryuuid"].contains(attributes[place].name.lowercased())
        {
            attributes[place].values = attributes[place].values.map { $0.dropLast() + [($0.last ?? 0) ^ 1] }
        }
    }

    func starts(with name: String) -> Bool { dn.lowercased().hasPrefix(name) }

    var isPerson: Bool { starts(with: "cn=p") }
    var isGroup: Bool { starts(with: "cn=registry") || starts(with: "cn=nested") }
}

extension Lie {
    static let all = [
        Lie(name: "one person is left out") { entries in entries.removeAll { $0.starts(with: "cn=p3,") } },
        Lie(name: "most people are left out") { entries in
            entries.removeAll { $0.isPerson && !$0.starts(with: "cn=p1") }
        },
        Lie(name: "everybody is left out") { entries in entries.removeAll(where: \.isPerson) },
        Lie(name: "a group is left out") { entries in entries.removeAll { $0.starts(with: "cn=registry-acme-ops,") }
        },
        Lie(name: "the organisation's group is left out") { entries in
            entries.removeAll { $0.starts(with: "cn=registry-acme,") }
        },
        Lie(name: "a nested group is left out") { entries in entries.removeAll { $0.starts(with: "cn=nested,") } },
        Lie(name: "all groups are left out") { entries in entries.removeAll(where: \.isGroup) },
        Lie(name: "nothing is given") { entries in entries = [] },
        Lie(name: "a group shows a part of its members") { entries in
            for place in entries.indices where entries[place].isGroup { entries[place].keep(2, of: "member") }
        },
        Lie(name: "groups show no members") { entries in
            for place in entries.indices where entries[place].isGroup { entries[place].hide("member") }
        },
        Lie(name: "no login is shown") { entries in
            for place in entries.indices where entries[place].isPerson {
                entries[place].hide("sAMAccountName")
                entries[place].hide("uid")
            }
        },
        Lie(name: "nobody shows what makes inactive") { entries in
            for place in entries.indices where entries[place].isPerson { entries[place].hide("userAccountControl") }
        },
        Lie(name: "nobody shows the primary group") { entries in
            for place in entries.indices where entries[place].isPerson { entries[place].hide("primaryGroupID") }
        },
        Lie(name: "nobody shows login, state and class") { entries in
            for place in entries.indices where entries[place].isPerson {
                for name in ["sAMAccountName", "uid", "userAccountControl", "objectClass"] { entries[place].hide(name) }
            }
        },
        Lie(name: "no class is shown") { entries in
            for place in entries.indices { entries[place].hide("objectClass") }
        },
        Lie(name: "identities are hidden") { entries in
            for place in entries.indices where entries[place].isPerson {
                entries[place].hide("objectGUID")
                entries[place].hide("entryUUID")
            }
        },
        Lie(name: "names and addresses are hidden") { entries in
            for place in entries.indices where entries[place].isPerson {
                entries[place].hide("displayName")
                entries[place].hide("cn")
                entries[place].hide("mail")
            }
        },
        Lie(name: "an identity is another one") { entries in
            for place in entries.indices where entries[place].starts(with: "cn=p3,") {
                entries[place].flipIdentity()
            }
        },
        Lie(name: "somebody is called deleted") { entries in
            for place in entries.indices where entries[place].starts(with: "cn=p3,") {
                entries[place].set("isDeleted", [Array("TRUE".utf8)])
            }
        },
        Lie(name: "everybody is called deleted") { entries in
            for place in entries.indices { entries[place].set("isDeleted", [Array("TRUE".utf8)]) }
        },
        Lie(name: "a group comes twice, with other members") { entries in
            for entry in entries where entry.isGroup {
                var other = entry
                other.keep(1, of: "member")
                entries.append(other)
            }
        },
        Lie(name: "people stand under each other's names") { entries in
            let people = entries.indices.filter { entries[$0].isPerson }
            guard let first = people.first, let last = people.last else { return }
            (entries[first].dn, entries[last].dn) = (entries[last].dn, entries[first].dn)
        },
    ]
}

extension Lie {
    /// Leaves out, hides, cuts, flips and mixes up what it comes upon.
    static func random(seed: UInt64) -> Lie {
        let random = Mutex(SplitMix64(seed: seed))
        return Lie(name: "anything, \(seed)") { entries in
            random.withLock { random in
                entries.removeAll { _ in random.chance(percent: 8) }
                for place in entries.indices where random.chance(percent: 15) {
                    switch Int.random(in: 0...5, using: &random) {
                    case 0: entries[place].keep(Int.random(in: 0...5, using: &random), of: "member")
                    case 1:
                        let names = entries[place].attributes.map(\.name)
                        if let name = names.randomElement(using: &random) { entries[place].hide(name) }
                    case 2: entries[place].set("isDeleted", [Array("TRUE".utf8)])
                    case 3: entries[place].flipIdentity()
                    case 4:
                        let other = entries.indices.randomElement(using: &random) ?? place
                        (entries[place].dn, entries[other].dn) = (entries[other].dn, entries[place].dn)
                    default: entries.append(entries[place])
                    }
                }
            }
        }
    }
}
