import Hummingbird
import Logging

/// What an evaluation over HTTP is compared with: the same framework, which reads a body of the same members
/// with the ecosystem's JSON library, looks nothing up, and writes an answer of the same members with it.
func serveStaticRoute(port: Int) async throws {
    let router = Router()
    router.post("evaluation") { request, context in
        let question = try await request.decode(as: StaticQuestion.self, context: context)
        return StaticAnswer(
            decision: question.action.name == "push", context: StaticAnswer.Context(level: "admin", revision: 26))
    }
    let application = Application(
        router: router, configuration: .init(address: .hostname("127.0.0.1", port: port)),
        logger: Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() })
    try await application.runService()
}

private struct StaticQuestion: Decodable {
    struct Entity: Decodable { let type, id: String }
    struct Action: Decodable { let name: String }

    let subject: Entity
    let action: Action
    let resource: Entity
}

private struct StaticAnswer: ResponseEncodable {
    struct Context: Encodable {
        let level: String
        let revision: Int
    }

    let decision: Bool
    let context: Context
}
