public import AccessControl
import Foundation
public import HTTPSupport
public import Hummingbird
import StrictJSON

/// Decisions over the OpenID AuthZEN Authorization API 1.0.
public struct DecisionAPI: Sendable {
    let service: AccessService
    /// The base of all addresses told to others, without a slash at the end.
    let publicURL: String

    public init(service: AccessService, publicURL: String) {
        self.service = service
        self.publicURL = publicURL
    }

    public func mount(on router: Router<APIContext>) {
        let access = router.group("access/v1")
            .add(middleware: AuthenticationMiddleware(service: service))
            .group(context: AuthenticatedContext.self)
        access.post("evaluation") { request, context in
            let body = try await request.authZENBody(EvaluationBody.self)
            return try await evaluate(body, as: context.caller)
        }
        access.post("evaluations") { request, context in
            let body = try await request.authZENBody(EvaluationsBody.self, upTo: 1 << 20)
            return try await evaluate(body, as: context.caller)
        }
        access.post("search/subject") { request, context in
            try await searchSubjects(try await request.authZENBody(SearchBody.self), as: context.caller)
        }
        access.post("search/resource") { request, context in
            try await searchResources(try await request.authZENBody(SearchBody.self), as: context.caller)
        }
        access.post("search/action") { request, context in
            try await searchActions(try await request.authZENBody(SearchBody.self), as: context.caller)
        }
        addDashboardAuthorization(to: router)
        router.get(".well-known/authzen-configuration") { _, _ in discovery }
        // Of an address with a path, where AuthZEN 1.0 section 9.2 has it.
        let path = URLComponents(string: publicURL)?.path ?? ""
        if !path.isEmpty {
            router.get(RouterPath(".well-known/authzen-configuration" + path)) { _, _ in discovery }
        }
    }

    /// AuthZEN 1.0 section 9, "Policy Decision Point metadata".
    private var discovery: JSONValue {
        [
            "policy_decision_point": .string(publicURL),
            "access_evaluation_endpoint": .string("\(publicURL)/access/v1/evaluation"),
            "access_evaluations_endpoint": .string("\(publicURL)/access/v1/evaluations"),
            "search_subject_endpoint": .string("\(publicURL)/access/v1/search/subject"),
            "search_resource_endpoint": .string("\(publicURL)/access/v1/search/resource"),
            "search_action_endpoint": .string("\(publicURL)/access/v1/search/action"),
        ]
    }
}

extension Request {
    /// AuthZEN 1.0 section 10.1 has 400 for all that is wrong with a request, its type included.
    fileprivate func authZENBody<Body: JSONReadable>(_ type: Body.Type, upTo limit: Int = 1 << 16) async throws -> Body
    {
        try requireParameters(in: [])
        do {
            return try await json(type, upTo: limit)
        } catch BodyError.wrongType(let expected) {
            throw BodyError.malformed("send the body as Content-Type: \(expected)", field: nil)
        }
    }
}
