import Foundation
import StrictJSON
import Wording

/// Asks the API, and turns every refusal into one `CommandFailure`.
struct APIClient: Sendable {
    let transport: any APITransport
    /// Whether a refusal for a name that there is not tells the one that may have been meant.
    var suggestsNames = true

    /// - Parameter file: what the body was read from, for messages.
    func send(_ request: APIRequest, file: String? = nil) async throws -> APIResponse {
        let path = request.path.prefix { $0 != "?" }
        guard path == "/" || !path.contains("//") && !path.hasSuffix("/") else {
            throw CommandFailure.input("a name is empty")
        }
        do {
            return try checked(await transport.send(request), file: file)
        } catch var failure as CommandFailure where failure.status == .missing && suggestsNames {
            if let near = await NearestName.of(
                failure.description, APIClient(transport: transport, suggestsNames: false))
            {
                failure.description += "; is \"\(near)\" meant?"
            }
            throw failure
        }
    }

    /// An answer that is no refusal.
    func checked(_ response: APIResponse, file: String? = nil) throws -> APIResponse {
        guard (200..<300).contains(response.status) else {
            let message = ProblemText.message(
                status: response.status, contentType: response.headers["content-type"], body: response.body, file: file)
            let hint = response.status == 401 ? " (portreeve login, PORTREEVE_TOKEN, --token-file or --login)" : ""
            throw CommandFailure(CommandStatus(http: response.status), message + hint)
        }
        return response
    }

    func get(_ path: String) async throws -> JSONValue { try await json(APIRequest("GET", path)) }

    /// An object, as all of Portreeve's answers are.
    func json(_ request: APIRequest) async throws -> JSONValue {
        let answer = try Self.json(try await send(request))
        guard case .object(let members) = answer, !members.isEmpty else { throw Self.notOurs }
        return answer
    }

    static let notOurs = CommandFailure.unreachable(
        "the answer is not of Portreeve's making: check the address")

    /// All items of a list, over all its pages.
    /// - Parameter limit: after how many to stop.
    func list(_ path: String, limit: Int = .max) async throws -> [JSONValue] {
        var items: [JSONValue] = []
        var next: String? = path
        while let path = next, items.count < limit {
            let response = try await send(APIRequest("GET", path))
            guard case .array(let page) = try Self.json(response)["items"] else { throw Self.notOurs }
            items += page
            next = LinkHeader.next(response.headers["link"], basePath: transport.basePath)
            guard next != path else {
                throw CommandFailure.unreachable("the service gives the same page over and over")
            }
        }
        return limit < items.count ? Array(items.prefix(limit)) : items
    }

    /// All results of an AuthZEN search, over all its pages.
    func search(_ kind: String, _ question: [(String, JSONValue?)]) async throws -> [JSONValue] {
        var results: [JSONValue] = []
        var token: String?
        repeat {
            let page = JSONValue(members: [("limit", 1_000), ("token", token.map(JSONValue.string))])
            let answer = try await json(
                APIRequest(
                    "POST", APIPath.make("access", "v1", "search", kind),
                    JSONValue(members: question + [("page", page)])))
            guard case .array(let page) = answer["results"] else { throw Self.notOurs }
            try Self.checkNames(answer)
            results += page
            let next = answer["page"]["next_token"].string.flatMap { $0.isEmpty ? nil : $0 }
            guard next == nil || next != token else {
                throw CommandFailure.unreachable("the service gives the same page over and over")
            }
            token = next
        } while token != nil
        return results
    }

    /// What a question names has to be there: else no for an answer would read as a clean bill.
    static func checkNames(_ answer: JSONValue) throws {
        guard answer["decision"].bool != true, answer["results"].items.isEmpty,
            let missing = answer["context"]["missing"].items.first
        else { return }
        let near = missing["nearest"].string.map { "; is \"\($0)\" meant?" } ?? ""
        let kind = missing["type"].text.replacing("-", with: " ")
        throw CommandFailure(.missing, "there is no \(kind) \"\(missing["id"].text)\"\(near)".withoutControls)
    }

    static func json(_ response: APIResponse) throws -> JSONValue {
        guard !response.body.isEmpty else { return .null }
        do {
            return try JSONParser.parse(response.body)
        } catch {
            throw CommandFailure.unreachable("the service's answer is not JSON: \(error)")
        }
    }
}
