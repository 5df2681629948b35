import Foundation
import Server
import Testing

@testable import Wording
@testable import portreeve

@Suite struct AnswerTests {
    @Test(arguments: [
        (200, CommandStatus.done), (204, .done), (400, .input), (401, .refused), (403, .refused), (404, .missing),
        (409, .input), (412, .input), (413, .input), (415, .input), (422, .input), (429, .unreachable),
        (500, .unreachable), (503, .unreachable), (302, .input),
    ])
    func `a status has its exit code`(http: Int, status: CommandStatus) {
        #expect(CommandStatus(http: http) == status)
    }

    @Test(arguments: [
        (ServerError.setting(key: "listen", reason: ""), Int32(2)), (.access(.storage(.unknownSchema(""))), 2),
        (.access(.storage(.busy)), 3), (.cannotStart(""), 3), (.access(.forbidden("")), 4),
    ])
    func `a start that fails has its exit code`(error: ServerError, status: Int32) {
        #expect(error.exitCode == status)
    }

    @Test(arguments: [
        (#"{"title":"Forbidden","detail":"you may not"}"#, "you may not"),
        (#"{"detail":"line 3: no such team","line":3}"#, "company.jsonl:3: no such team"),
        (#"{"detail":"this is empty","field":"name"}"#, "name: this is empty"),
        ("[]", "the service answered with status 400, which is not of Portreeve's making: check the address"),
    ])
    func `a problem is one message`(body: String, message: String) {
        let text = ProblemText.message(
            status: 400, contentType: "application/problem+json", body: Data(body.utf8), file: "company.jsonl")
        #expect(text == message)
    }

    @Test func `a list follows its pages`() async throws {
        let api = APIClient(
            transport: CannedAnswers([
                "/v1/users": (#"{"items":[1,2]}"#, "</base/v1/users?cursor=x>; rel=\"next\""),
                "/v1/users?cursor=x": (#"{"items":[3]}"#, nil),
            ]))
        #expect(try await api.list("/v1/users") == [1, 2, 3])
        #expect(try await api.list("/v1/users", limit: 1) == [1])
    }

    @Test func `a page that leads to itself ends the list with an error`() async {
        let api = APIClient(transport: CannedAnswers(["/v1/a": (#"{"items":[]}"#, "</v1/a>; rel=\"next\"")]))
        await #expect(throws: CommandFailure.self) { try await api.list("/v1/a") }
    }

    @Test func `a refusal becomes a failure with its exit code`() async {
        let failure = await #expect(throws: CommandFailure.self) {
            try await APIClient(transport: CannedAnswers([:])).get("/v1/nothing")
        }
        #expect(failure?.status == .missing)
        #expect(failure?.description == "there is no such thing")
    }
}

/// Answers with texts, by path; 404 for anything else.
private struct CannedAnswers: APITransport {
    let answers: [String: (body: String, link: String?)]
    let basePath = "/base"

    init(_ answers: [String: (body: String, link: String?)]) { self.answers = answers }

    func send(_ request: APIRequest) async throws -> APIResponse {
        guard let answer = answers[request.path] else {
            return APIResponse(
                status: 404, headers: ["content-type": "application/problem+json"],
                body: Data(#"{"detail":"there is no such thing"}"#.utf8))
        }
        return APIResponse(
            status: 200, headers: answer.link.map { ["link": $0] } ?? [:], body: Data(answer.body.utf8))
    }

    func close() async {}
}
