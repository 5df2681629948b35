import CAllocations
import Foundation

func seconds<Result>(_ body: () async throws -> Result) async rethrows -> (seconds: Double, result: Result) {
    let start = ContinuousClock.now
    let result = try await body()
    let duration = ContinuousClock.now - start
    return (Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18, result)
}

/// What a call takes in nanoseconds, and how often it asks for memory.
struct Timings {
    private var times: [Double] = []
    private(set) var allocations = 0.0

    /// Times `count` calls, so many at a time that the clock does not count.
    init(_ count: Int, batch: Int = 1, _ call: (Int) throws -> Void) rethrows {
        let before = allocations_so_far()
        times.reserveCapacity(count / batch)
        for start in stride(from: 0, to: count - count % batch, by: batch) {
            let begin = ContinuousClock.now
            for number in start..<start + batch { try call(number) }
            let duration = ContinuousClock.now - begin
            times.append(Double(duration.components.attoseconds) / 1e9 / Double(batch))
        }
        // The array of times was made before the first call.
        allocations = Double(allocations_so_far() - before - 1) / Double(count)
        times.sort()
    }

    private init() {}

    /// Times the same count of several calls, a batch of each in turn: what else the machine does then meets all of
    /// them alike, and the ratios are theirs.
    static func inTurn(_ count: Int, batch: Int, _ calls: [(Int) -> Void]) -> [Timings] {
        var all = calls.map { _ in Timings() }
        for place in all.indices { all[place].times.reserveCapacity(count / batch) }
        for start in stride(from: 0, to: count - count % batch, by: batch) {
            for (place, call) in calls.enumerated() {
                let before = allocations_so_far()
                let begin = ContinuousClock.now
                for number in start..<start + batch { call(number) }
                let duration = ContinuousClock.now - begin
                all[place].allocations += Double(allocations_so_far() - before) / Double(count)
                all[place].times.append(Double(duration.components.attoseconds) / 1e9 / Double(batch))
            }
        }
        for place in all.indices { all[place].times.sort() }
        return all
    }

    var median: Double { times[times.count / 2] }
    var high: Double { times[min(times.count - 1, times.count * 99 / 100)] }
}

enum Report {
    static func title(_ text: String) { show("\n\(text)\n") }

    /// At once, also into a file: a world takes minutes.
    private static func show(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }

    static func row(_ what: String, _ figures: String...) {
        show("  " + what.padding(toLength: 44, withPad: " ", startingAt: 0) + figures.joined(separator: "  "))
    }

    static func row(_ what: String, _ timings: Timings, _ more: String...) {
        let figures = "p50 \(time(timings.median))  p99 \(time(timings.high))"
        show(
            "  " + what.padding(toLength: 44, withPad: " ", startingAt: 0)
                + figures.padding(toLength: 28, withPad: " ", startingAt: 0) + more.joined(separator: "  "))
    }

    static func time(_ nanoseconds: Double) -> String {
        switch nanoseconds {
        case ..<10_000: "\(Int(nanoseconds)) ns"
        case ..<10_000_000: "\(Int(nanoseconds / 1_000)) µs"
        default: "\(Int(nanoseconds / 1_000_000)) ms"
        }
    }

    /// - Parameter aim: what quality asks for.
    static func verdict(_ isMet: Bool, _ aim: String) -> String { "aim \(aim): \(isMet ? "met" : "MISSED")" }

    /// How many times as long as the C program something takes.
    static func ratio(_ times: Double, atMost aim: Double) -> String {
        String(format: "%.2f of the C program; ", times) + verdict(times <= aim, "\(aim)")
    }

    /// Resident memory of this process in megabytes.
    static func allocatedMegabytes() -> Double { Double(bytes_allocated()) / 1_048_576 }

    static func residentMegabytes() -> Int {
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") } ?? ""
        return (Int(line.filter(\.isNumber)) ?? 0) / 1_024
    }
}
