import Foundation

/// How a program ended, and what it printed.
package struct Outcome: Sendable, CustomStringConvertible {
    package var arguments: [String]
    /// The exit status, or the negative number of the signal.
    package var status: Int32
    /// Standard output.
    package var output: String
    /// Standard error.
    package var errors: String

    package var description: String {
        "\(arguments.joined(separator: " ")) ended with \(status)\nstdout: \(output.suffix(2000))\nstderr: \(errors.suffix(2000))"
    }

    /// Whatever the program said.
    package var text: String { output + errors }

    /// - Throws: `ServerError` with everything that it printed unless the status is 0.
    @discardableResult
    package func required() throws -> Outcome {
        guard status == 0 else { throw ServerError(description) }
        return self
    }
}

/// Programs whose failure is an answer, with their two outputs apart.
package enum Program {
    private static let script = #"cd "$1" && shift && errors=$1 && shift && exec "$@" 2>"$errors""#

    /// Runs a program to its end.
    /// - Parameters:
    ///   - arguments: the program and its arguments.
    ///   - folder: where it runs; the checkout by default.
    package static func run(
        _ arguments: [String], input: String = "", environment: [String: String] = [:],
        in folder: String = Checkout.root
    ) async throws -> Outcome {
        let place = try TemporaryFolder("program")
        defer { place.remove() }
        let errorFile = place.path("errors")
        let words = ["/bin/sh", "-c", script, "sh", folder, errorFile] + arguments
        func outcome(_ status: Int32, _ output: String) throws -> Outcome {
            let errors = try String(decoding: Data(contentsOf: URL(filePath: errorFile)), as: UTF8.self)
            return Outcome(arguments: arguments, status: status, output: output, errors: errors)
        }
        do {
            return try outcome(0, try await Command.run(words, input: input, environment: environment))
        } catch let error as CommandError {
            return try outcome(error.status, error.output)
        }
    }
}
