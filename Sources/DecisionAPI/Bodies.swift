import AccessControl
import AccessModel
import HTTPSupport

/// A subject or resource as it arrives. Unknown members are ignored, as AuthZEN wants.
struct Entity: Decodable, Sendable {
    let type: String
    /// Absent in a search for this entity.
    let id: String?
}

struct NamedAction: Decodable, Sendable {
    let name: String
}

/// The members of `context` that mean something to us.
struct RequestContextBody: Decodable, Sendable {
    var explain: Bool?
    var minRevision: Int64?
    /// A revision, as a number or its text, or an RFC 3339 time.
    var asOf: String?

    enum CodingKeys: String, CodingKey {
        case explain
        case minRevision = "min_revision"
        case asOf = "as_of"
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        explain = try container.decodeIfPresent(Bool.self, forKey: .explain)
        minRevision = try container.decodeIfPresent(Int64.self, forKey: .minRevision)
        if let revision = try? container.decodeIfPresent(Int64.self, forKey: .asOf) {
            asOf = String(revision)
        } else {
            asOf = try container.decodeIfPresent(String.self, forKey: .asOf)
        }
    }
}

/// AuthZEN 1.0 section 6.1.
struct EvaluationBody: Decodable, Sendable {
    var subject: Entity?
    var action: NamedAction?
    var resource: Entity?
    var context: RequestContextBody?
}

/// AuthZEN 1.0 section 7.1: defaults, and items that replace whole entities of them.
struct EvaluationsBody: Decodable, Sendable {
    enum Semantic: String, Decodable, Sendable {
        case executeAll = "execute_all"
        case denyOnFirstDeny = "deny_on_first_deny"
        case permitOnFirstPermit = "permit_on_first_permit"
    }

    struct Options: Decodable, Sendable {
        var semantic: Semantic?
        enum CodingKeys: String, CodingKey { case semantic = "evaluations_semantic" }
    }

    /// An item that may be malformed without spoiling the others.
    struct Item: Decodable, Sendable {
        let body: EvaluationBody?

        init(from decoder: any Decoder) throws { body = try? EvaluationBody(from: decoder) }
    }

    let defaults: EvaluationBody
    let items: [Item]
    let semantic: Semantic

    enum CodingKeys: String, CodingKey { case evaluations, options }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        defaults = try EvaluationBody(from: decoder)
        // Counted before any is decoded: there may be a million that are nothing.
        if try container.contains(.evaluations) && !container.decodeNil(forKey: .evaluations) {
            guard try container.nestedUnkeyedContainer(forKey: .evaluations).count ?? .max <= 1_000 else {
                throw LineError("at most 1,000 evaluations in a batch", field: "evaluations")
            }
        }
        items = try container.decodeIfPresent([Item].self, forKey: .evaluations) ?? []
        semantic = try container.decodeIfPresent(Options.self, forKey: .options)?.semantic ?? .executeAll
    }
}

/// AuthZEN 1.0 section 8.
struct SearchBody: Decodable, Sendable {
    struct PageBody: Decodable, Sendable {
        var token: String?
        var limit: Int?
    }

    var subject: Entity?
    var action: NamedAction?
    var resource: Entity?
    var context: RequestContextBody?
    var page: PageBody?
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
