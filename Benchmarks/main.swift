// What the decision engine costs on reference world M, in one run: medians and 99th percentiles.

import AccessControl
import AccessModel
import Credentials
import Foundation
import ReferenceModel

func seconds(_ body: () throws -> Void) rethrows -> Double {
    let duration = try ContinuousClock().measure(body)
    return Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18
}

/// Resident memory of this process in megabytes.
func residentMegabytes() -> Int {
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") } ?? ""
    return (Int(line.filter(\.isNumber)) ?? 0) / 1_024
}

/// Nanoseconds a call: the median and the 99th percentile over batches.
func nanoseconds(batches: Int, size: Int, _ call: (Int) -> Void) -> (median: Double, high: Double) {
    var times: [Double] = []
    for batch in 0..<batches {
        times.append(seconds { for place in 0..<size { call(batch * size + place) } } * 1e9 / Double(size))
    }
    times.sort()
    return (times[times.count / 2], times[min(times.count - 1, times.count * 99 / 100)])
}

func row(_ what: String, _ figures: String) {
    print(what.padding(toLength: 44, withPad: " ", startingAt: 0) + figures)
}

func format(_ nanoseconds: Double) -> String {
    nanoseconds < 10_000 ? "\(Int(nanoseconds)) ns" : "\(Int(nanoseconds / 1_000)) µs"
}

let facts = Array(WorldGenerator(.medium, seed: 1))
let now = RandomWorld.now
var users: [AccountName] = []
var names: [AccountID: AccountName] = [:]
var repositories: [RepositoryPath] = []
for fact in facts {
    if case .account(let account) = fact {
        names[account.id] = account.name
        if account.kind == .user { users.append(account.name) }
    }
    if case .repository(let repository) = fact, let namespace = names[repository.namespace] {
        repositories.append(try RepositoryPath(namespace: namespace, name: repository.name))
    }
}

print("World M: \(facts.count) facts, \(users.count) users, \(repositories.count) repositories\n")
let before = residentMegabytes()
var graph = AccessGraph()
let built = try seconds { graph = try AccessGraph(facts: facts, revision: 1) }
row("graph from facts", String(format: "%.2f s, %d MB", built, residentMegabytes() - before))

var random = SplitMix64(seed: 7)
let questions = (0..<100_000).map { _ in
    (Principal.user(users[random.below(users.count)]), repositories[random.below(repositories.count)])
}
var allowed = 0
let check = { (number: Int) in
    let (principal, repository) = questions[number % questions.count]
    if graph.check(principal, .pull, repository, at: now).isAllowed { allowed += 1 }
}
_ = nanoseconds(batches: 100, size: 1_000, check)
let checks = nanoseconds(batches: 2_000, size: 100, check)
row("check by name, batches of 100", "p50 \(format(checks.median)), p99 \(format(checks.high))")

let whoMay = nanoseconds(batches: 1_000, size: 1) { _ = graph.whoMay(.push, questions[$0].1, at: now) }
row("who may push", "p50 \(format(whoMay.median)), p99 \(format(whoMay.high))")
let whatMay = nanoseconds(batches: 1_000, size: 1) { _ = graph.whatMay(questions[$0].0, .push, at: now) }
row("what may push", "p50 \(format(whatMay.median)), p99 \(format(whatMay.high))")

let membership = facts.compactMap { fact -> TeamMember? in
    if case .teamMember(let member) = fact { member } else { nil }
}
let patches = try (0..<2_000).map { number in
    let change = Change.delete(.teamMember(membership[number * 7 % membership.count]))
    return try seconds { graph = try graph.applying([change], revision: graph.revision + 1) } * 1e9
}.sorted()
row(
    "patch: one membership removed",
    "p50 \(format(patches[patches.count / 2])), p99 \(format(patches[patches.count * 99 / 100]))")

let folder = FileManager.default.temporaryDirectory.appendingPathComponent("portreeve-bench-\(UUID().uuidString)")
try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
defer { try? FileManager.default.removeItem(at: folder) }
let signer = try RegistryTokenSigner(
    key: SigningKey.load(path: folder.appendingPathComponent("key.pem").path, now: now))
let claims = Array(#"{"iss":"portreeve","sub":"elton","aud":"registry","exp":1,"access":[]}"#.utf8)
var signed = 0
let signing = nanoseconds(batches: 500, size: 10) { _ in signed += ((try? signer.sign(claims)) ?? "").utf8.count }
row("signing a registry token (ES256)", "p50 \(format(signing.median)), p99 \(format(signing.high))")
print("\n(\(allowed) checks allowed, \(signed) bytes of tokens)")
