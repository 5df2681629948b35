import AccessControl
import AccessModel
import Foundation
import HTTPSupport
import HTTPTypes
import Hummingbird

extension RegistryTokenAPI {
    /// Notifications of the distribution registry. Whatever is told by somebody who knows the
    /// secret is answered 200: any other answer would be repeated for ever and block the queue. Only where there is
    /// no room for more while the database is held, the registry is to tell it again.
    func addNotifications(to router: Router<APIContext>) {
        router.post("registry/events") { request, context in
            try authenticate(request, context)
            let body = try await request.bytes(upTo: 4 << 20)
            guard let envelope = try? Request.decode(Envelope.self, from: body) else {
                context.logger.warning("a registry's notification is not of the known form")
                return Response(status: .ok)
            }
            do throws(AccessError) {
                try await service.record(envelope.told(at: service.clock.now))
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
        guard let secret = eventsSecret, let given = request.bearer, service.isSame(secret, given) else {
            throw AccessError.unauthenticated(
                "notifications need \"Authorization: Bearer\" with the setting registry.events-secret")
        }
    }
}

/// `application/vnd.docker.distribution.events.v1+json` (distribution documentation, "Work with notifications"),
/// as far as it matters here.
private struct Envelope: Decodable {
    struct Event: Decodable {
        struct Target: Decodable {
            var mediaType: String?
            var repository: String?
            var digest: String?
            var tag: String?
        }
        struct Request: Decodable { var method: String? }
        struct Actor: Decodable { var name: String? }

        var action: String
        var timestamp: String?
        var target: Target?
        var request: Request?
        var actor: Actor?
    }

    let events: [Event]

    enum CodingKeys: String, CodingKey { case events }

    /// Registries send one event at a time, or a few.
    private static let limit = 1_000

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        guard try container.nestedUnkeyedContainer(forKey: .events).count ?? .max <= Self.limit else {
            throw LineError("at most 1,000 events at once", field: "events")
        }
        events = try container.decode([Event].self, forKey: .events)
    }

    func told(at now: Timestamp) -> [RegistryEvent] { events.compactMap { $0.told(at: now) } }
}

extension Envelope.Event {
    /// nil for what means nothing here: layers, which come before the manifest that makes an image, and asking
    /// whether something is there.
    fileprivate func told(at now: Timestamp) -> RegistryEvent? {
        guard let target, let repository = try? RepositoryPath(target.repository ?? "") else { return nil }
        let isManifest = target.mediaType.map { $0.contains("manifest") || $0.contains("image.index") } ?? false
        let action: RegistryEvent.Action
        switch self.action {
        case "push" where isManifest: action = .push(tag: target.tag, digest: target.digest ?? "")
        case "pull" where isManifest && request?.method != "HEAD": action = .pull
        case "delete" where target.tag != nil || target.digest != nil:
            action = .delete(tag: target.tag, digest: target.digest)
        default: return nil
        }
        let name = actor?.name ?? ""
        return RegistryEvent(
            action: action, repository: repository,
            actor: name.isEmpty ? "anonymous" : String(decoding: name.utf8.prefix(200), as: UTF8.self),
            time: timestamp.flatMap { Timestamp($0) } ?? now)
    }
}
