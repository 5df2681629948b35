import AccessControl
import AccessModel
import HTTPSupport
import StrictJSON

/// A subject or resource as it arrives (AuthZEN 1.0 sections 5.1 and 5.2). Unknown members are ignored, as the standard
/// wants, but for one that is nearly called `properties`.
struct Entity: JSONReadable, Sendable {
    let type: String
    /// Whatever it is: where this entity is searched for, it means nothing.
    private let givenID: JSONValue
    /// An object, or null.
    let properties: JSONValue

    init(json: JSONValue) throws(JSONError) {
        var members = try JSONMembers(json)
        type = try members.required(String.self, "type")
        givenID = json["id"]
        properties = json["properties"]
        _ = try members.optional(AnyObject.self, "properties")
        for name in json.members.map(\.name) where properties.isNull && ["properties"].nearest(to: name) != nil {
            guard name != "properties" else { continue }
            throw JSONError("there is no such member; is properties meant?", at: name)
        }
    }

    /// - Parameter name: that of this entity, for the error.
    func id(of name: String) throws -> String {
        guard !givenID.isNull else { throw BodyError.malformed("\"\(name).id\" is missing", field: "\(name).id") }
        guard let id = givenID.string else {
            throw BodyError.malformed("\"\(name).id\" is not a string", field: "\(name).id")
        }
        return id
    }
}

/// Properties of whatever kind.
private struct AnyObject: JSONReadable {
    init(json: JSONValue) throws(JSONError) { _ = try JSONMembers(json) }
}

struct NamedAction: JSONReadable, Sendable {
    let name: String

    init(json: JSONValue) throws(JSONError) {
        var members = try JSONMembers(json)
        name = try members.required(String.self, "name")
        _ = try members.optional(AnyObject.self, "properties")
    }
}

/// The members of `context` that mean something to us: in its member `portreeve`, or beside it.
struct RequestContextBody: JSONReadable, Sendable {
    private(set) var explain: Bool?
    private(set) var minRevision: Int64?
    /// Whether a search tells what is below, too.
    private(set) var expand: Bool?
    /// A revision, as a number or its text, or an RFC 3339 time.
    private(set) var asOf: String?

    private struct Own: JSONReadable {
        let context: RequestContextBody

        init(json: JSONValue) throws(JSONError) {
            var members = try JSONMembers(json)
            context = try RequestContextBody(&members)
            try members.refuseUnknown()
        }
    }

    init(json: JSONValue) throws(JSONError) {
        var members = try JSONMembers(json)
        // Beside it they may be the caller's own, of any kind.
        (explain, minRevision) = (json["explain"].bool, json["min_revision"].int64)
        expand = json["expand"].bool
        asOf = json["as_of"].int64.map(String.init) ?? json["as_of"].string
        guard let own = try members.optional(Own.self, "portreeve")?.context else { return }
        explain = own.explain ?? explain
        minRevision = own.minRevision ?? minRevision
        expand = own.expand ?? expand
        asOf = own.asOf ?? asOf
    }

    private init(_ members: inout JSONMembers) throws(JSONError) {
        explain = try members.optional(Bool.self, "explain")
        minRevision = try members.optional(Int64.self, "min_revision")
        expand = try members.optional(Bool.self, "expand")
        asOf = try members.optional(RevisionOrTime.self, "as_of")?.text
    }

    private struct RevisionOrTime: JSONReadable {
        let text: String

        init(json: JSONValue) throws(JSONError) {
            guard let text = json.int64.map(String.init) ?? json.string else {
                throw JSONError("use a revision or an RFC 3339 time")
            }
            self.text = text
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
        switch try? question().known {
        case .registry(let question): [.decision(question.subject, question.repository)]
        case .control(let question): [.controlDecision(question.subject, question.resource)]
        case nil: []
        }
    }

    /// The question, as it was asked and in our words.
    func question() throws -> NamedQuestion {
        guard let subject else { throw BodyError.malformed("\"subject\" is missing", field: "subject") }
        guard let action else { throw BodyError.malformed("\"action\" is missing", field: "action") }
        guard let resource else { throw BodyError.malformed("\"resource\" is missing", field: "resource") }
        return NamedQuestion(
            subject: (subject.type, try subject.id(of: "subject")), action: action.name,
            resource: try ControlEntity(
                type: resource.type, id: try resource.id(of: "resource"), properties: resource.properties))
    }
}

/// A question in the words of whoever asks.
struct NamedQuestion {
    let subject: (type: String, id: String)
    let action: String
    let resource: ControlEntity

    /// The plane that a question is about, and the question in its words.
    enum Known {
        case registry(AccessQuestion)
        case control(ControlQuestion)
    }

    /// nil when it is about something that cannot exist: an unknown action or a name that cannot be, for which the answer is
    /// no.
    var known: Known? {
        guard let principal = Principal(type: subject.type, id: subject.id) else { return nil }
        guard resource.type == "repository" else {
            return resource.question(principal, action).map(Known.control)
        }
        guard let path = RepositoryPath(type: resource.type, id: resource.id), let action = Action(rawValue: action)
        else { return nil }
        return .registry(AccessQuestion(subject: principal, action: action, repository: path))
    }
}

extension Principal {
    /// nil for an unknown type or a name that nobody can have.
    init?(type: String, id: String) {
        switch type {
        case "anonymous": self = .anonymous
        case "user":
            guard let name = try? AccountName(id.lowercasedASCII) else { return nil }
            self = .user(name)
        case "service-account":
            guard let principal = try? Principal(id), case .serviceAccount = principal else { return nil }
            self = principal
        default: return nil
        }
    }
}

extension RepositoryPath {
    /// nil for another type or a name that none can have.
    init?(type: String, id: String) {
        guard type == "repository", let path = try? RepositoryPath(id) else { return nil }
        self = path
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
