public import AccessModel

extension ContainerRegistry {
    /// The keys of registry tokens: the one that signs, then the others.
    public func signingKeys(as caller: Caller) throws(AccessError) -> [SigningKeyState] {
        try transactions.require(.administer, of: caller, to: "see the signing keys")
        return signer.keys
    }

    /// Makes the key that signs next. It is published at once; registries have to be given the new bundle, and
    /// started again, before it may sign.
    public func makeNextSigningKey(
        _ algorithm: SigningAlgorithm, as caller: Caller
    ) throws(AccessError) -> [SigningKeyState] {
        try transactions.require(.administer, of: caller, to: "change the signing keys")
        let isMade = try changeKeys { try signer.makeNext(algorithm, now: clock.now) }
        guard isMade else {
            throw .conflict(
                code: .keyWaiting, detail: "there is a next key already: let it sign, or remove it first")
        }
        logger.notice("made the next signing key", metadata: ["by": "\(caller.actor.text)"])
        return signer.keys
    }

    /// Lets the next key sign from now on. The old one stays published for what it signed.
    /// - Parameter isTrusted: the caller knows that registries trust it; asked of the registry where its address is set.
    public func activateNextSigningKey(
        isTrusted: Bool, as caller: Caller
    ) async throws(AccessError) -> [SigningKeyState] {
        try transactions.require(.administer, of: caller, to: "change the signing keys")
        try refuseWhileInUse()
        let next = signer.keys.first { $0.role == .next }
        let claims = claims(access: [], for: "portreeve", until: clock.now.seconds + 60)
        let trial = try encoded(claims) { try signer.signWithNext($0) }
        guard let trial, let next else {
            throw .conflict(code: .noNextKey, detail: "there is no next key: make one first")
        }
        if let client {
            let accepts: Bool
            do throws(RegistryClientError) { accepts = try await client.accepts(trial) } catch {
                throw .conflict(
                    code: .registryUnreachable,
                    detail: "the registry could not be asked whether it trusts the next key: \(error)")
            }
            guard accepts else {
                throw .conflict(
                    code: .keyNotTrusted,
                    detail: "the registry does not trust the next key: give it the bundle of `portreeve registry "
                        + "certificate`, start it again, and then try again")
            }
        } else if !isTrusted {
            throw .conflict(
                code: .keyNotTrusted,
                detail: "say that every registry has the bundle of `portreeve registry certificate` and was started "
                    + "again (trusted), or set registry.url so that it can be asked")
        }
        guard try changeKeys({ try signer.activateNext(next.id) }) else {
            throw .conflict(code: .noNextKey, detail: "there is no next key: make one first")
        }
        logger.notice("the next signing key signs", metadata: ["by": "\(caller.actor.text)"])
        return signer.keys
    }

    /// Takes a key away that does not sign: the previous one when its tokens have ended, or a next one that is
    /// not wanted.
    public func removeSigningKey(
        _ role: SigningKeyState.Role, as caller: Caller
    ) throws(AccessError) -> [SigningKeyState] {
        try transactions.require(.administer, of: caller, to: "change the signing keys")
        guard signer.keys.contains(where: { $0.role == role }), role != .signing else {
            throw .notFound(kind: "signing key", name: role.rawValue)
        }
        if role == .previous { try refuseWhileInUse() }
        _ = try changeKeys { try signer.remove(role) }
        logger.notice("removed the \(role.rawValue) signing key", metadata: ["by": "\(caller.actor.text)"])
        return signer.keys
    }

    /// What the previous key signed must have ended. A token lives an hour at the most, whatever the setting was
    /// when it was made; a registry grants a minute for slow clocks.
    private func refuseWhileInUse() throws(AccessError) {
        guard let previous = signer.keys.first(where: { $0.role == .previous }) else { return }
        let end = previous.since + .seconds(3_600 + 60)
        guard clock.now < end else { return }
        throw .conflict(
            code: .keyInUse, detail: "what the previous key signed is good until \(end): go on then")
    }

    private func changeKeys(_ body: () throws -> Bool) throws(AccessError) -> Bool {
        do { return try body() } catch {
            logger.error("a signing key could not be changed", metadata: ["error": "\(error)"])
            throw .storage(.failed("the signing keys could not be changed: \(error)"))
        }
    }
}
