package import Foundation
package import StrictJSON

/// One message for a person out of a refusal by the API (RFC 9457 problem details).
package enum ProblemText {
    /// - Parameter file: what an import was read from, for `file:line`.
    package static func message(status: Int, contentType: String?, body: Data, file: String? = nil) -> String {
        guard contentType?.contains("json") == true, let problem = try? JSONParser.parse(body), case .object = problem,
            let text = problem["detail"].string ?? problem["title"].string
        else {
            return "the service answered with status \(status), which is not of Portreeve's making: check the address"
        }
        var message = text
        if let line = problem["line"].int {
            let prefix = "line \(line): "
            if message.hasPrefix(prefix) { message.removeFirst(prefix.count) }
            message = (file.map { "\($0):\(line): " } ?? prefix) + message
        } else if let field = problem["field"].string, !message.contains(field) {
            message = "\(field): \(message)"
        }
        return message.withoutControls
    }
}
