import AccessControl
import AccessModel
import Foundation
import HTTPSupport
import HTTPTypes
import Hummingbird

extension RegistryTokenAPI {
    /// Notifications of the distribution registry. Whatever is told by somebody who knows the
    /// secret is answered 200: any other answer would be repeated for ever and block the queue.
    func addNotifications(to router: Router<APIContext>) {
        router.post("registry/events") { request, context in
            try authenticate(request, context)
            let body = try await request.bytes(upTo: 4 << 20)
            guard let envelope = try? JSONDecoder().decode(Envelope.self, from: body) else {
                context.logger.warning("a registry's notification is not of the known form")
                return Response(status: .ok)
            }
            for push in envelope.pushes {
                do {
                    _ = try await service.perform(push, as: .service)
                } catch {
                    context.logger.error("a push was not recorded", metadata: ["error": "\(error)"])
                }
            }
            return Response(status: .ok)
        }
    }

    private func authenticate(_ request: Request, _ context: APIContext) throws {
        let given = request.headers[.authorization] ?? ""
        guard let secret = eventsSecret, service.isSame("Bearer \(secret)", given) else {
            throw AccessError.unauthenticated(
                "notifications need \"Authorization: Bearer\" with the setting registry.events-secret")
        }
    }
}

/// `application/vnd.docker.distribution.events.v1+json`, as far as it matters here.
private struct Envelope: Decodable {
    struct Event: Decodable {
        struct Target: Decodable {
            var mediaType: String?
            var repository: String?
        }
        struct Actor: Decodable { var name: String? }

        var action: String
        var target: Target
        var actor: Actor?
    }

    var events: [Event]

    /// Layers come before the manifest; only the manifest makes an image.
    var pushes: [RecordPush] {
        events.compactMap { event in
            guard event.action == "push", let type = event.target.mediaType,
                type.contains("manifest") || type.contains("image.index"),
                let repository = try? RepositoryPath(event.target.repository ?? "")
            else { return nil }
            return RecordPush(repository: repository, pusher: event.actor?.name ?? "somebody")
        }
    }
}
