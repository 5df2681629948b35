/// Colours, where there is somebody to see them.
package struct TerminalStyle: Sendable {
    package var isColoured: Bool

    package static let plain = TerminalStyle(isColoured: false)

    package init(isColoured: Bool) { self.isColoured = isColoured }

    package func bold(_ text: String) -> String { escaped("1", text) }
    package func faint(_ text: String) -> String { escaped("2", text) }
    package func red(_ text: String) -> String { escaped("31", text) }
    package func green(_ text: String) -> String { escaped("32", text) }
    package func yellow(_ text: String) -> String { escaped("33", text) }

    private func escaped(_ code: String, _ text: String) -> String {
        isColoured ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
    }
}
