import Foundation

/// Where the tests find the sources, the sample data and the executable.
package enum Checkout {
    package static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().path(percentEncoded: false)

    package static func path(_ name: String) -> String {
        URL(filePath: root).appending(path: name).path(percentEncoded: false)
    }

    /// A program that Scripts/python-tools installs.
    /// - Throws: `ServerError` if it is not there.
    package static func pythonTool(_ name: String) throws -> String {
        let program = path(".build/python-tools/bin/\(name)")
        guard FileManager.default.isExecutableFile(atPath: program) else {
            throw ServerError("\(program) does not exist: run Scripts/python-tools")
        }
        return program
    }

    /// The `portreeve` that was built together with the test bundle, beside it.
    /// - Throws: `ServerError` if it is not there.
    package static func executable() throws -> String { try product("portreeve") }

    /// Any program that was built so.
    package static func product(_ name: String) throws -> String {
        let bundle = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
        let executable = bundle.deletingLastPathComponent().appending(path: name).path(percentEncoded: false)
        guard FileManager.default.isExecutableFile(atPath: executable) else {
            throw ServerError("\(executable) does not exist: build it with `swift build --build-tests`")
        }
        return executable
    }
}
