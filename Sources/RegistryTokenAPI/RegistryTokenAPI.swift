public import AccessControl
import AccessModel
import Foundation
public import HTTPSupport
import HTTPTypes
public import Hummingbird
import StrictJSON

/// The token endpoint of the distribution registry ("Docker Registry v2 authentication via
/// central service") and the keys that verify its tokens.
public struct RegistryTokenAPI: Sendable {
    let service: AccessService
    /// What the registry's notifications have to bring; without one they are refused.
    let eventsSecret: String?

    public init(service: AccessService, eventsSecret: String?) {
        self.service = service
        self.eventsSecret = eventsSecret
    }

    public func mount(on router: Router<APIContext>) {
        addTokens(to: router)
        addNotifications(to: router)
        addForwardAuthorization(to: router)
        router.get(".well-known/jwks.json") { _, _ in
            // Public, and the next key is in it long before it signs.
            Response(json: service.registry.keySet, headers: [.cacheControl: "public, max-age=300"])
        }
    }
}
