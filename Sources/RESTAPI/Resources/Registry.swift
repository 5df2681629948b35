import AccessControl
import AccessModel
import HTTPSupport
import Hummingbird
import NIOCore
import StrictJSON

extension RESTAPI {
    /// What a registry has to be told so that it trusts the tokens.
    func addRegistry(to routes: Routes) {
        routes.get("registry") { _, _ in
            [
                "realm": .string(service.registry.settings.registryRealm),
                "service": .string(service.registry.settings.registryService),
                "issuer": .string(service.registry.settings.registryIssuer),
                "token_lifetime": JSONValue(service.registry.settings.registryTokenLifetime),
            ] as JSONValue
        }
        routes.get("registry/certificate") { _, _ in
            Response(
                status: .ok, headers: [.contentType: "application/x-pem-file", .cacheControl: "no-store"],
                body: .init(byteBuffer: ByteBuffer(string: service.registry.certificateBundle)))
        }
        routes.get("registry/keys") { _, context in
            JSONValue(keys: try service.registry.signingKeys(as: context.caller))
        }
        routes.post("registry/keys") { request, context in
            let algorithm = try await request.json(NewKeyBody.self).algorithm
            return JSONValue(keys: try service.registry.makeNextSigningKey(algorithm, as: context.caller))
                .response(status: .created)
        }
        routes.post("registry/key-activation") { request, context in
            let isTrusted = try await request.json(ActivationBody.self).isTrusted
            return JSONValue(
                keys: try await service.registry.activateNextSigningKey(isTrusted: isTrusted, as: context.caller))
        }
        routes.delete("registry/keys/{role}") { request, context in
            guard let role = SigningKeyState.Role(rawValue: try context.parameter("role")) else {
                throw AccessError.notFound(kind: "signing key", name: try context.parameter("role"))
            }
            _ = try service.registry.removeSigningKey(role, as: context.caller)
            return Response(status: .noContent)
        }
        routes.post("registry/reconciliation", accepting: .dryRun) { request, context in
            JSONValue(try await service.registry.reconcile(dryRun: try request.flag("dry_run"), as: context.caller))
        }
    }
}

private struct NewKeyBody: JSONReadable {
    let algorithm: SigningAlgorithm

    init(json: JSONValue) throws(JSONError) {
        var body = try JSONMembers(json)
        algorithm = try body.optional(SigningAlgorithm.self, "algorithm") ?? .es256
        try body.refuseUnknown()
    }
}

private struct ActivationBody: JSONReadable {
    let isTrusted: Bool

    init(json: JSONValue) throws(JSONError) {
        var body = try JSONMembers(json)
        isTrusted = try body.optional(Bool.self, "trusted") ?? false
        try body.refuseUnknown()
    }
}

extension JSONValue {
    fileprivate init(keys: [SigningKeyState]) {
        self = [
            "items": .array(
                keys.map { key in
                    [
                        "role": .string(key.role.rawValue), "id": .string(key.id),
                        "algorithm": .string(key.algorithm.rawValue), "made_at": JSONValue(key.madeAt),
                        "since": JSONValue(key.since), "certificate_ends": JSONValue(key.certificateEnds),
                    ]
                })
        ]
    }

    fileprivate init(_ found: Reconciliation) {
        self = [
            "listed": JSONValue(Int64(found.listed)), "failed": .array(found.failed.map { .string($0) }),
            "unknown": .array(found.unknown.map { .string($0) }), "empty": .array(found.empty.map { JSONValue($0) }),
            "tags_added": JSONValue(Int64(found.tagsAdded)), "tags_removed": JSONValue(Int64(found.tagsRemoved)),
        ]
    }
}
