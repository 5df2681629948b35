/// Colours, where there is somebody to see them.
struct TerminalStyle: Sendable {
    var isColoured: Bool

    static let plain = TerminalStyle(isColoured: false)

    func bold(_ text: String) -> String { escaped("1", text) }
    func faint(_ text: String) -> String { escaped("2", text) }
    func red(_ text: String) -> String { escaped("31", text) }
    func green(_ text: String) -> String { escaped("32", text) }
    func yellow(_ text: String) -> String { escaped("33", text) }

    private func escaped(_ code: String, _ text: String) -> String {
        isColoured ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
    }
}
