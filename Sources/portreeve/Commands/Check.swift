import AccessModel
import ArgumentParser
import Foundation
import StrictJSON
import Wording

/// One question about one subject, and the answer.
struct Question: ParsableArguments {
    @Argument(help: "A user, OWNER+NAME for a service account, or anonymous.", completion: .principals)
    var subject: String

    @Argument(
        help: "What they want to do: an action on a repository, or an operation as container.exec or \"get pods\".",
        completion: .actions)
    var action: String

    @Argument(
        help: "NAMESPACE/REPOSITORY; /COLLECTION, cluster:CLUSTER/NAMESPACE, engine:ENGINE/ID or TYPE:ID.",
        completion: .repositories)
    var resource: String

    @OptionGroup var moment: MomentOption
    @OptionGroup var output: OutputOptions
    @OptionGroup(title: "Where") var connection: ConnectionOptions

    func validate() throws {
        try checkResource(resource, action)
        guard SubjectNotation.principal(subject).type != "team" else {
            throw ValidationError("a team does nothing itself: what-may \(subject) tells what it gives its members")
        }
    }

    func ask(_ api: APIClient, explains: Bool) async throws {
        let answer = try await api.json(
            APIRequest("POST", APIPath.make("access", "v1", "evaluation"), try body(explains: explains)))
        try APIClient.checkNames(answer)
        guard let isAllowed = answer["decision"].bool else {
            throw CommandFailure.input("the service cannot say: \(answer["context"]["error"].text)")
        }
        if output.json {
            Terminal.print(answer.pretty)
        } else {
            Terminal.print(
                DecisionReport.lines(
                    answer, question: "\(subject) \(action) \(resource)", explains: explains,
                    style: Terminal.style))
        }
        if !isAllowed { throw CommandFailure(.no) }
    }

    private func body(explains: Bool) throws -> JSONValue {
        let (type, id) = SubjectNotation.principal(subject)
        var context = moment.context
        if explains { context.append(("explain", true)) }
        return JSONValue(
            members: [("subject", ["type": .string(type), "id": .string(id)])]
                + (try ResourceNotation(resource).members(action))
                + [("context", context.isEmpty ? nil : JSONValue(members: context))])
    }
}

/// `--as-of`: the question as it would have been answered then.
struct MomentOption: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Answer as of a moment: a revision, a time, a day, or so long ago: 42, 2026-03-01T12:00:00Z, 7d.",
            valueName: "moment"))
    var asOf: String?

    var context: [(String, JSONValue?)] { asOf.map { [("as_of", .string(Moment.text($0, at: Date())))] } ?? [] }
}

struct Check: APICommand {
    static let configuration = CommandConfiguration(
        abstract: "Says whether somebody may do something.",
        discussion: """
            Exits with 0 for yes, 1 for no, 2 when there is no saying, and 5 when there is no such subject or resource, \
            as far as you may know that.

            Examples:
              portreeve check elton push nerd-dinner/web
              portreeve check nerd-dinner+ci pull nerd-dinner/web --explain
              portreeve check anonymous pull nerd-dinner/site --as-of 2026-03-01
              portreeve check elton container.exec /prod/web
              portreeve check elton "get pods" cluster:eu/shop
            """)

    @OptionGroup var question: Question

    @Flag(help: "Tell every reason.")
    var explain = false

    var connection: ConnectionOptions { question.connection }

    func run(with api: APIClient) async throws { try await question.ask(api, explains: explain) }
}

struct Explain: APICommand {
    static let configuration = CommandConfiguration(
        abstract: "Says whether somebody may do something, and every reason.",
        discussion: """
            Example:
              portreeve explain elton push nerd-dinner/web
              portreeve explain elton container.create /prod/web
            """)

    @OptionGroup var question: Question

    var connection: ConnectionOptions { question.connection }

    func run(with api: APIClient) async throws { try await question.ask(api, explains: true) }
}
