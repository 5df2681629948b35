import Dispatch
import Foundation

// Reads text of one kind, or next to none of it; a test counts the instructions.

let words = CommandLine.arguments
guard words.count == 3, let work = ParserWork(rawValue: words[1]), ["fed", "unfed"].contains(words[2]) else {
    print("usage: ParserWork \(ParserWork.allCases.map(\.rawValue).joined(separator: "|")) fed|unfed")
    exit(2)
}
let isFed = words[2] == "fed"

// The main thread waits as it is: valgrind does not survive what dispatchMain does to it.
let isDone = DispatchSemaphore(value: 0)
Task.detached {
    do { try await work.run(isFed: isFed) } catch {
        print("\(error)")
        exit(1)
    }
    isDone.signal()
}
isDone.wait()
print(work.feedings)
