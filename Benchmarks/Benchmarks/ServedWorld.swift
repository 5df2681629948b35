import AccessControl
import AccessModel
import Foundation
import Logging
import ReferenceModel
import Server
import Synchronization

/// A world in a database of its own, with the whole service on it.
struct ServedWorld {
    let assembly: Assembly
    var service: AccessService { assembly.service }
    var graph: AccessGraph { service.transactions.published.current }

    static func open(_ path: String, creating: Bool = false) async throws -> ServedWorld {
        let (settings, _) = try Settings.load(file: nil, overrides: ["database": path], environment: [:])
        let logger = Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() }
        return ServedWorld(
            assembly: try await Assembly.build(
                settings, createsDatabase: creating, clock: WallClock { RandomWorld.now }, logger: logger))
    }

    func close() async { await assembly.shutdown() }

    static let caller = Caller(actor: .local("bench"), proof: .file)

    /// Makes the database, opens it anew, and exports it.
    static func make(_ world: BenchmarkWorld, at path: String) async throws -> ServedWorld {
        Report.title("World \(world.size.rawValue): \(world.factCount) facts")
        var made = try await open(path, creating: true)
        if world.size == .medium { try await importAll(world, into: made) } else { try await record(world, in: made) }
        await made.close()
        let before = Report.residentMegabytes()
        let (started, opened) = try await seconds {
            let opened = try await open(path)
            return opened
        }
        made = opened
        let (most, megabytes) = world.size == .medium ? (1.0, 150) : (10.0, 1_000)
        let used = max(0, Report.residentMegabytes() - before)
        Report.row(
            "start from the file", String(format: "%.2f s, %d MB more", started, used),
            Report.verdict(started <= most && used <= megabytes, "\(most) s and \(megabytes) MB"))
        guard world.size == .medium else { return made }
        let exporting = made.service
        let (exported, text) = try await seconds { try await exporting.transactions.ask(ExportLines(), as: caller) }
        let count = text.count(where: { $0 == UInt8(ascii: "\n") })
        Report.row(
            "export", "\(text.count / 1_000_000) MB in \(String(format: "%.1f", exported)) s",
            "\(Int(Double(count) / exported)) lines a second")
        return made
    }

    private static func importAll(_ world: BenchmarkWorld, into made: ServedWorld) async throws {
        let lines = try importLines(of: world)
        let (imported, _) = try await seconds {
            try await made.service.transactions.perform(ImportLines(text: lines.text), as: caller)
        }
        let rate = Double(lines.count) / imported
        Report.row(
            "import, durable", "\(lines.count) lines in \(String(format: "%.1f", imported)) s",
            "\(Int(rate)) lines a second", Report.verdict(rate >= 45_000, "45000"))
    }

    /// Straight into the store, a part at a time: ten times as much would take the import a quarter of an hour.
    static func record(_ world: BenchmarkWorld, in made: ServedWorld) async throws {
        let facts = Mutex(world.generator.makeIterator())
        let store = made.service.transactions.store
        let (recorded, _) = try await seconds {
            var isMore = true
            while isMore {
                isMore = try await store.write(as: .service) { (writer) throws(AccessError) in
                    for _ in 0..<100_000 {
                        guard let fact = facts.withLock({ $0.next() }) else { return false }
                        try writer.record(.insert(fact), reason: nil, secret: nil)
                    }
                    return true
                }
            }
        }
        Report.row(
            "recorded, durable", "\(world.factCount) facts in \(String(format: "%.1f", recorded)) s",
            "\(Int(Double(world.factCount) / recorded)) facts a second")
    }

    /// The world in the import format.
    static func importLines(of world: BenchmarkWorld) throws -> (text: Data, count: Int) {
        var names: [String: String] = [:]
        var places: [String: String] = [:]
        var text = ""
        var count = 0
        func line(_ line: String) {
            text += line
            text += "\n"
            count += 1
        }
        for fact in world.generator {
            switch fact {
            case .account(let account):
                names[account.id.rawValue] = account.name.rawValue
                if account.kind == .user {
                    line(
                        #"{"kind":"user","name":"\#(account.name)","full_name":"\#(account.fullName)","#
                            + #""active":\#(account.isActive),"system_admin":\#(account.isSystemAdmin)}"#)
                } else {
                    line(#"{"kind":"org","name":"\#(account.name)"}"#)
                }
            case .organizationMember(let member):
                line(
                    #"{"kind":"org-member","org":"\#(names[member.organization.rawValue] ?? "")","#
                        + #""user":"\#(names[member.user.rawValue] ?? "")","role":"\#(member.role.rawValue)"}"#)
            case .team(let team):
                let organization = names[team.organization.rawValue] ?? ""
                names[team.id.rawValue] = team.name.rawValue
                places[team.id.rawValue] = organization
                let parent = team.parent.flatMap { names[$0.rawValue] }.map { #""\#($0)""# } ?? "null"
                line(#"{"kind":"team","org":"\#(organization)","name":"\#(team.name)","parent":\#(parent)}"#)
            case .teamMember(let member):
                line(
                    #"{"kind":"team-member","org":"\#(places[member.team.rawValue] ?? "")","#
                        + #""team":"\#(names[member.team.rawValue] ?? "")","#
                        + #""user":"\#(names[member.user.rawValue] ?? "")","role":"\#(member.role.rawValue)"}"#)
            case .serviceAccount(let service):
                names[service.id.rawValue] = service.name.rawValue
                places[service.id.rawValue] = names[service.owner.rawValue]
                line(
                    #"{"kind":"service-account","owner":"\#(names[service.owner.rawValue] ?? "")","#
                        + #""name":"\#(service.name)","active":\#(service.isActive)}"#)
            case .repository(let repository):
                names[repository.id.rawValue] = repository.name
                places[repository.id.rawValue] = names[repository.namespace.rawValue]
                line(
                    #"{"kind":"repository","namespace":"\#(names[repository.namespace.rawValue] ?? "")","#
                        + #""name":"\#(repository.name)","visibility":"\#(repository.visibility.rawValue)"}"#)
            case .grant(let grant):
                // What has ended cannot be imported.
                if let end = grant.expiresAt, end <= RandomWorld.now { continue }
                let end = grant.expiresAt.map { #","expires_at":"\#($0)""# } ?? ""
                line(
                    #"{"kind":"grant","subject":\#(subject(grant.subject)),"target":\#(target(grant.target)),"#
                        + #""level":"\#(grant.level.rawValue)"\#(end)}"#)
            case .role, .collection, .controlGrant, .site, .placement, .controlSettings, .retiredName, .password,
                .accessToken, .directory:
                break
            }
        }
        func subject(_ subject: GrantSubject) -> String {
            let (name, place) = (names[subject.id] ?? "", places[subject.id] ?? "")
            return switch subject {
            case .user: #"{"type":"user","name":"\#(name)"}"#
            case .team: #"{"type":"team","org":"\#(place)","name":"\#(name)"}"#
            case .serviceAccount: #"{"type":"service-account","owner":"\#(place)","name":"\#(name)"}"#
            }
        }
        func target(_ target: GrantTarget) -> String {
            let (name, place) = (names[target.id] ?? "", places[target.id] ?? "")
            return switch target {
            case .repository: #"{"type":"repository","namespace":"\#(place)","name":"\#(name)"}"#
            case .namespace: #"{"type":"namespace","name":"\#(name)"}"#
            }
        }
        return (Data(text.utf8), count)
    }
}
