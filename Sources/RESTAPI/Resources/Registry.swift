import AccessControl
import HTTPSupport
import Hummingbird
import NIOCore

extension RESTAPI {
    /// What a registry has to be told so that it trusts the tokens.
    func addRegistry(to routes: Routes) {
        routes.get("registry") { _, _ in
            [
                "service": .string(service.settings.registryService),
                "issuer": .string(service.settings.registryIssuer),
                "token_lifetime": .number(service.settings.registryTokenLifetime),
            ] as JSON
        }
        routes.get("registry/certificate") { _, _ in
            Response(
                status: .ok, headers: [.contentType: "application/x-pem-file"],
                body: .init(byteBuffer: ByteBuffer(string: service.certificateBundle)))
        }
    }
}
