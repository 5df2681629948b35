import Foundation
import Synchronization
import Wording

/// One line on standard error that tells how far long work is; nothing where no terminal is.
final class ProgressLine: Sendable {
    private let title: String
    private let isShown: Bool
    private let state = Mutex(State())

    private struct State {
        var lastDrawn = ContinuousClock.now - .seconds(1)
        var isDrawn = false
    }

    init(_ title: String, isShown: Bool = Terminal.isErrorTerminal) {
        self.title = title
        self.isShown = isShown
    }

    /// So many of so many bytes.
    func show(_ done: Int, of all: Int) {
        draw(isLast: done >= all) { ProgressText.bar(title, done: done, of: all, width: Terminal.width) }
    }

    /// So many of nobody knows how many.
    func show(_ count: Int, _ what: String) {
        draw(isLast: false) { "\(title): \(count.grouped) \(what)" }
    }

    /// Takes the line away.
    func end() {
        state.withLock { state in
            if state.isDrawn { Terminal.writeError("\r\u{1B}[K") }
            state.isDrawn = false
        }
    }

    private func draw(isLast: Bool, _ text: () -> String) {
        guard isShown else { return }
        state.withLock { state in
            let now = ContinuousClock.now
            guard isLast || now - state.lastDrawn >= .milliseconds(100) else { return }
            state.lastDrawn = now
            state.isDrawn = true
            Terminal.writeError("\r\u{1B}[K" + text().cut(to: max(20, Terminal.width - 1)))
        }
    }
}
