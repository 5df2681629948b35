import AccessControl
import AccessModel
import HTTPSupport
import StrictJSON

/// A subject or resource as it arrives. Unknown members are ignored, as AuthZEN wants.
struct Entity: JSONReadable, Sendable {
    let type: String
    /// Absent in a search for this entity.
    let id: String?

    init(json: JSONValue) throws(JSONError) {
        var members = try JSONMembers(json)
        type = try members.required(String.self, "type")
        id = try members.optional(String.self, "id")
    }
}

struct NamedAction: JSONReadable, Sendable {
    let name: String

    init(json: JSONValue) throws(JSONError) {
        var members = try JSONMembers(json)
        name = try members.required(String.self, "name")
    }
}

/// The members of `context` that mean something to us.
struct RequestContextBody: JSONReadable, Sendable {
    let explain: Bool?
    let minRevision: Int64?
    /// A revision, as a number or its text, or an RFC 3339 time.
    let asOf: String?

    init(json: JSONValue) throws(JSONError) {
        var members = try JSONMembers(json)
        explain = try members.optional(Bool.self, "explain")
        minRevision = try members.optional(Int64.self, "min_revision")
        if let revision = json["as_of"].int64 {
            asOf = String(revision)
        } else {
            asOf = try members.optional(String.self, "as_of", "a revision or an RFC 3339 time")
        }
    }
}

/// AuthZEN 1.0 section 6.1.
struct EvaluationBody: JSONReadable, Sendable {
    let subject: Entity?
    let action: NamedAction?
    let resource: Entity?
    let context: RequestContextBody?

    init(subject: Entity?, action: NamedAction?, resource: Entity?, context: RequestContextBody?) {
        self.subject = subject
        self.action = action
        self.resource = resource
        self.context = context
    }

    init(json: JSONValue) throws(JSONError) {
        var members = try JSONMembers(json)
        subject = try members.optional(Entity.self, "subject")
        action = try members.optional(NamedAction.self, "action")
        resource = try members.optional(Entity.self, "resource")
        context = try members.optional(RequestContextBody.self, "context")
    }
}

/// AuthZEN 1.0 section 7.1: defaults, and items that replace whole entities of them.
struct EvaluationsBody: JSONReadable, Sendable {
    enum Semantic: String, JSONReadable, CaseIterable, Sendable {
        case executeAll = "execute_all"
        case denyOnFirstDeny = "deny_on_first_deny"
        case permitOnFirstPermit = "permit_on_first_permit"
    }

    private struct Options: JSONReadable {
        let semantic: Semantic?

        init(json: JSONValue) throws(JSONError) {
            var members = try JSONMembers(json)
            semantic = try members.optional(Semantic.self, "evaluations_semantic")
        }
    }

    /// An item that may be malformed without spoiling the others.
    typealias Item = Result<EvaluationBody, JSONError>

    let defaults: EvaluationBody
    let items: [Item]
    let semantic: Semantic

    init(json: JSONValue) throws(JSONError) {
        var members = try JSONMembers(json)
        defaults = try EvaluationBody(json: json)
        let given = try members.optional([JSONValue].self, "evaluations") ?? []
        guard given.count <= 1_000 else { throw JSONError("at most 1,000 evaluations in a batch", at: "evaluations") }
        items = given.map { item in Item { () throws(JSONError) in try EvaluationBody(json: item) } }
        semantic = try members.optional(Options.self, "options")?.semantic ?? .executeAll
    }
}

/// AuthZEN 1.0 section 8.
struct SearchBody: JSONReadable, Sendable {
    struct PageBody: JSONReadable, Sendable {
        let token: String?
        let limit: Int?

        init(json: JSONValue) throws(JSONError) {
            var members = try JSONMembers(json)
            token = try members.optional(String.self, "token")
            limit = try members.optional(Int.self, "limit")
        }
    }

    let subject: Entity?
    let action: NamedAction?
    let resource: Entity?
    let context: RequestContextBody?
    let page: PageBody?

    init(json: JSONValue) throws(JSONError) {
        var members = try JSONMembers(json)
        subject = try members.optional(Entity.self, "subject")
        action = try members.optional(NamedAction.self, "action")
        resource = try members.optional(Entity.self, "resource")
        context = try members.optional(RequestContextBody.self, "context")
        page = try members.optional(PageBody.self, "page")
    }
}

extension EvaluationBody {
    /// This item, with what it leaves out taken from the defaults.
    func filled(from defaults: EvaluationBody) -> EvaluationBody {
        EvaluationBody(
            subject: subject ?? defaults.subject, action: action ?? defaults.action,
            resource: resource ?? defaults.resource, context: context ?? defaults.context)
    }

    /// What of a past world it is about: nothing where it cannot be answered.
    var scopes: [PastScope] {
        guard let question = try? question() else { return [] }
        return [.decision(question.subject, question.repository)]
    }

    /// The question in our words; nil when it is about something that cannot exist: an
    /// unknown type, action or name, for which the answer is no.
    func question() throws -> AccessQuestion? {
        guard let subject else { throw BodyError.malformed("\"subject\" is missing", field: "subject") }
        guard let action else { throw BodyError.malformed("\"action\" is missing", field: "action") }
        guard let resource else { throw BodyError.malformed("\"resource\" is missing", field: "resource") }
        guard let principal = try subject.principal(), let path = try resource.repository(),
            let action = Action(rawValue: action.name)
        else { return nil }
        return AccessQuestion(subject: principal, action: action, repository: path)
    }
}

extension Entity {
    /// nil for an unknown type or a name that nobody can have.
    func principal() throws -> Principal? {
        guard let id else { throw BodyError.malformed("\"subject.id\" is missing", field: "subject.id") }
        switch type {
        case "anonymous": return .anonymous
        case "user": return (try? AccountName(id.lowercasedASCII)).map(Principal.user)
        case "service-account":
            guard let principal = try? Principal(id), case .serviceAccount = principal else { return nil }
            return principal
        default: return nil
        }
    }

    func repository() throws -> RepositoryPath? {
        guard let id else { throw BodyError.malformed("\"resource.id\" is missing", field: "resource.id") }
        return type == "repository" ? try? RepositoryPath(id) : nil
    }
}

extension RequestContextBody {
    /// The moment that the question is about.
    func point() throws -> PointInTime {
        guard let asOf else { return .now }
        guard let point = PointInTime(asOf) else {
            throw AccessError.invalid(field: "context.as_of", value: asOf, reason: "use a revision or an RFC 3339 time")
        }
        return point
    }
}
