import AccessControl
import AccessModel
import HTTPTypes
public import Hummingbird
import NIOCore
import StrictJSON
import Synchronization

/// Turns every error into a problem document, logs what is ours to mend, echoes
/// `X-Request-ID`, and answers an unknown method on a known path with 405 and `Allow`.
public final class ProblemMiddleware: RouterMiddleware {
    public typealias Context = APIContext

    private let routes = Mutex(RouteTable([]))

    public init() {}

    /// To be called when all routes are there.
    public func know(_ table: RouteTable) { routes.withLock { $0 = table } }

    public func handle(
        _ request: Request, context: APIContext, next: (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        var response: Response
        do {
            // Whoever reads a path or a parameter reads a text that takes time in proportion to its length.
            guard StreamSafeText.isSafe(request.uri.string.utf8, .percentEncoded) else {
                throw BodyError.malformed(StreamSafeText.refusal, field: nil)
            }
            // The router passes over empty segments, and whoever guards a path in front of it does not.
            guard Self.isInOneForm(request.uri.path) else { throw HTTPError(.notFound) }
            response = try await next(request, context)
        } catch let error as AccessError {
            if case .storage(let reason) = error, reason != .abandoned, reason != .busy {
                context.logger.error("storage failed", metadata: ["error": "\(error)"])
            }
            response = Problem(error).response(path: request.uri.path)
        } catch let error as BodyError {
            response = error.problem.response(path: request.uri.path)
        } catch let error as HTTPError {
            response = problem(for: error, request).response(path: request.uri.path)
        } catch is CancellationError {
            // The client has left, or the service ends: nobody reads this.
            response = Problem(AccessError.storage(.abandoned)).response(path: request.uri.path)
        } catch {
            context.logger.error("a request failed", metadata: ["error": "\(error)", "path": "\(request.uri.path)"])
            response = Problem(
                status: .internalServerError, code: .internal,
                detail: "something went wrong here, and is in the service's log"
            ).response(path: request.uri.path)
        }
        // The router has no HEAD beside what it answers itself, as for a path that there is not.
        if request.method == .head { response = response.createHeadResponse() }
        if let id = request.headers[.xRequestID], id.utf8.count <= 8_192 { response.headers[.xRequestID] = id }
        return response
    }

    /// Whether a path has no empty segment. What a proxy asks about behind ours is a path of its own.
    private static func isInOneForm(_ path: String) -> Bool {
        path == "/" || path.hasPrefix("/registry/authorize/") || path.hasPrefix("/access/authorize/-/")
            || !path.hasSuffix("/") && !path.contains("//")
    }

    private func problem(for error: HTTPError, _ request: Request) -> Problem {
        switch error.status {
        case .notFound:
            let allowed = routes.withLock(\.self).methods(on: request.uri.path)
            let path = request.uri.path.cut(to: 200)
            guard !allowed.isEmpty, Self.isInOneForm(request.uri.path) else {
                let isRepository = path.hasPrefix("/v1/repositories/")
                let hint = isRepository ? ": write the slashes of a repository's name as %2F" : ""
                return Problem(
                    status: .notFound, code: .notFound, detail: "there is nothing at \(path)\(hint)")
            }
            let list = allowed.joined(separator: ", ")
            return Problem(
                status: .methodNotAllowed, code: .methodNotAllowed,
                detail: "\(request.method.rawValue) is not possible here: use \(list)", headers: [.allow: list])
        case .contentTooLarge:
            return BodyError.tooLarge(limit: nil).problem
        default:
            return Problem(status: error.status, code: .invalid, detail: error.body ?? "the request cannot be used")
        }
    }
}

extension HTTPField.Name {
    static let xRequestID = named("X-Request-ID")
    /// The revision from which on everybody sees what was written.
    public static let revision = named("Portreeve-Revision")

    private static func named(_ name: String) -> Self {
        guard let name = Self(name) else { preconditionFailure("\(name) is not a field name") }
        return name
    }
}
