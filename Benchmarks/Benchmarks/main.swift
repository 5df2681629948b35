// What decisions cost on the reference worlds, side by side in one run. `Benchmarks M L` measures the worlds
// that are named; M without a name. `Benchmarks engines` measures the engines under the store, which M does as well.
// `Benchmarks static-route PORT` serves what HTTP is compared with. `Benchmarks control` measures the control plane alone, which M does as well.

import AccessModel
import Credentials
import Foundation
import ReferenceModel

let names = CommandLine.arguments.dropFirst()
if names.first == "static-route", names.count == 2, let port = names.last.flatMap({ Int($0) }) {
    try await serveStaticRoute(port: port)
    exit(0)
}
let measuresEngines = Array(names) == ["engines"]
let measuresControl = Array(names) == ["control"]
let sizes = names.isEmpty ? [.medium] : names.compactMap(BenchmarkWorld.Size.init)
guard sizes.count == max(1, names.count) || measuresEngines || measuresControl else {
    print("usage: Benchmarks [M] [L] | engines | control | static-route PORT")
    exit(2)
}
let folder = FileManager.default.temporaryDirectory.appending(path: "portreeve-bench-\(UUID().uuidString)")
try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
defer { try? FileManager.default.removeItem(at: folder) }

for size in sizes {
    let path = folder.appending(path: "\(size.rawValue).db").path
    let world = try BenchmarkWorld(size)
    let served = try await ServedWorld.make(world, at: path)
    try measureDecisions(world, served.graph, try LevelQuery(path: path))
    try await measureChanges(world, served)
    if size == .medium { try await measurePast(world, served) }
    await served.close()
    if size == .medium { try await measureControl(world, in: folder) }
}
if measuresControl { try await measureControl(try BenchmarkWorld(.medium), in: folder) }
if sizes.contains(.medium) || measuresEngines {
    let lines = try ServedWorld.importLines(of: BenchmarkWorld(.medium)).text
    // What comes before a line is all that it names.
    let part = lines.split(separator: UInt8(ascii: "\n"), maxSplits: 200_000).prefix(200_000).joined(separator: [0x0A])
    try await measureEngines(Data(part) + [0x0A], in: folder)
}
if measuresEngines { exit(0) }

Report.title("Tokens")
let signer = try RegistryTokenSigner(path: folder.appending(path: "key.pem").path, now: RandomWorld.now)
let claims = Array(#"{"iss":"portreeve","sub":"elton","aud":"registry","exp":1,"access":[]}"#.utf8)
let signing = try Timings(5_000, batch: 10) { _ in _ = try signer.sign(claims) }
Report.row("signing a registry token (ES256)", signing)
