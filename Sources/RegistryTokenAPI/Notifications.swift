import AccessControl
import AccessModel
import Foundation
import HTTPSupport
import HTTPTypes
import Hummingbird
import StrictJSON

extension RegistryTokenAPI {
    /// Notifications of the distribution registry. Whatever is told by somebody who knows the
    /// secret is answered 200: any other answer would be repeated for ever and block the queue. Only where there is
    /// no room for more while the database is held, the registry is to tell it again.
    func addNotifications(to router: Router<APIContext>) {
        router.post("registry/events") { request, context in
            try authenticate(request, context)
            let body = try await request.bytes(upTo: 4 << 20)
            guard let envelope = try? Request.json(Envelope.self, from: body) else {
                context.logger.warning("a registry's notification is not of the known form")
                return Response(status: .ok)
            }
            do throws(AccessError) {
                try await service.registry.record(envelope.events(receivedAt: service.transactions.clock.now))
            } catch .storage(.busy) {
                // The one thing that repeating helps.
                return Response(status: .serviceUnavailable, headers: [.retryAfter: "5"])
            } catch {
                context.logger.error("a registry's events were not recorded", metadata: ["error": "\(error)"])
            }
            return Response(status: .ok)
        }
    }

    private func authenticate(_ request: Request, _ context: APIContext) throws {
        guard let secret = eventsSecret, let given = request.bearer, service.authentication.isSame(secret, given) else {
            throw AccessError.unauthenticated(
                "notifications need \"Authorization: Bearer\" with the setting registry.events-secret")
        }
    }
}

/// `application/vnd.docker.distribution.events.v1+json` (distribution documentation, "Work with notifications"),
/// as far as it matters here.
private struct Envelope: JSONReadable {
    /// Members that mean something here; of a kind that they should not be, they count as absent.
    struct Event {
        let action: String
        let timestamp: String?
        let mediaType, repository, digest, tag: String?
        let method: String?
        let actor: String

        init?(_ json: JSONValue) {
            guard let action = json["action"].string else { return nil }
            self.action = action
            timestamp = json["timestamp"].string
            let target = json["target"]
            mediaType = target["mediaType"].string
            repository = target["repository"].string
            digest = target["digest"].string
            tag = target["tag"].string
            method = json["request"]["method"].string
            actor = json["actor"]["name"].string ?? ""
        }
    }

    let events: [Event]

    /// Registries send one event at a time, or a few.
    private static let limit = 1_000

    init(json: JSONValue) throws(JSONError) {
        guard case .array(let items) = json["events"] else { throw JSONError("use a list", at: "events") }
        guard items.count <= Self.limit else { throw JSONError("at most 1,000 events at once", at: "events") }
        events = items.compactMap(Event.init)
    }

    func events(receivedAt now: Timestamp) -> [RegistryEvent] { events.compactMap { $0.event(receivedAt: now) } }
}

extension Envelope.Event {
    /// nil for what means nothing here: layers, which come before the manifest that makes an image, and asking
    /// whether something is there.
    fileprivate func event(receivedAt now: Timestamp) -> RegistryEvent? {
        guard let repository = try? RepositoryPath(repository ?? "") else { return nil }
        let isManifest = mediaType.map { $0.contains("manifest") || $0.contains("image.index") } ?? false
        let action: RegistryEvent.Action
        switch self.action {
        case "push" where isManifest: action = .push(tag: tag, digest: digest ?? "")
        case "pull" where isManifest && method != "HEAD": action = .pull
        case "delete" where tag != nil || digest != nil:
            action = .delete(tag: tag, digest: digest)
        default: return nil
        }
        return RegistryEvent(
            action: action, repository: repository,
            actor: actor.isEmpty ? "anonymous" : String(decoding: actor.utf8.prefix(200), as: UTF8.self),
            time: timestamp.flatMap { Timestamp($0) } ?? now)
    }
}
