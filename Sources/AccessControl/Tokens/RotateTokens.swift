public import AccessModel

extension Authentication {
    /// Makes a token to take the place of another one, with its name, scope and rights, which stays good for the time
    /// that it takes to bring the new one everywhere.
    /// - Parameters:
    ///   - overlap: how long the old one works on, at most 30 days; its own end stays if it is sooner.
    ///   - expiresAt: when the new one ends; nil for as long from now as the old one was made for, which is also the
    ///     most for a caller with a token, whose own end is, too.
    public func rotateToken(
        _ id: TokenID, of holder: TokenHolderName, overlap: Duration, expiresAt: Timestamp?, as caller: Caller
    ) async throws(AccessError) -> Committed<NewToken> {
        let rotation = try rotation(overlap, expiresAt)
        return try await transactions.perform(RotateToken(id: id, holder: holder, rotation: rotation), as: caller)
    }

    /// The same of the token that the caller has logged in with, which needs the right to. Whoever did not get the answer asks
    /// again, as long as the new token was not used: another one takes its place.
    public func rotateCurrentToken(
        overlap: Duration, expiresAt: Timestamp?, as caller: Caller
    ) async throws(AccessError) -> Committed<NewToken> {
        let rotation = try rotation(overlap, expiresAt)
        return try await transactions.perform(RotateCurrentToken(rotation: rotation, uses: uses), as: caller)
    }

    private func rotation(_ overlap: Duration, _ expiresAt: Timestamp?) throws(AccessError) -> TokenRotation {
        guard overlap >= .zero, overlap <= .seconds(30 * 86_400) else {
            throw .invalid(
                field: "overlap", value: "\(overlap.components.seconds)", reason: "use 0 to 2592000 seconds (30 days)")
        }
        let secret = digester.newTokenSecret()
        return TokenRotation(
            overlap: overlap, expiresAt: expiresAt, secret: secret, digest: digester.digest(secret))
    }
}

private struct RotateToken: Command {
    let id: TokenID
    let holder: TokenHolderName
    let rotation: TokenRotation

    func perform(in context: WriteContext) throws(AccessError) -> NewToken {
        let (holder, isActive) = try context.tokenMaker(for: self.holder)
        try context.requireActive(isActive, self.holder)
        let old = try context.token(id, of: holder)
        guard let maker = context.caller.token else {
            return try rotation.rotate(old, atMost: nil, madeBy: nil, in: context)
        }
        // Whoever has a token must not get another one's rights with it, nor keep its own for longer.
        guard old.may == .none else {
            throw .forbidden("the token \(old.name) has rights: it is rotated by itself, or with a password")
        }
        return try rotation.rotate(old, atMost: context.caller.end, madeBy: maker, in: context)
    }
}

private struct RotateCurrentToken: Command {
    let rotation: TokenRotation
    let uses: TokenUses

    func perform(in context: WriteContext) throws(AccessError) -> NewToken {
        let token = try context.currentToken()
        guard context.caller.tokenRights.contains(.rotate) else {
            throw .forbidden(
                "the token \(token.name) may not rotate itself: make one that may (token create --may rotate)")
        }
        if let successor = try token.rotatedTo.flatMap({ (id) throws(AccessError) in try context.writer.token(id) }),
            uses.use(of: successor.id) == nil,
            try context.writer.tokenUses(of: successor.holder)[successor.id] == nil
        {
            return try rotation.replace(successor, of: token, in: context)
        }
        return try rotation.rotate(token, atMost: nil, madeBy: token.madeBy, in: context)
    }
}

/// How a token takes the place of another one.
private struct TokenRotation: Sendable {
    let overlap: Duration
    let expiresAt: Timestamp?
    let secret: String
    let digest: [UInt8]

    /// Makes the successor of a token anew, on the terms that it was made on.
    func replace(
        _ successor: AccessToken, of old: AccessToken, in context: WriteContext
    ) throws(AccessError) -> NewToken {
        var (new, rotated) = (successor, old)
        new.id = context.newIdentifier()
        rotated.rotatedTo = new.id
        try context.delete(.accessToken(successor), reason: "its secret was not used, and made again")
        try context.insert(.accessToken(new), reason: "takes the place of \(old.id)", secret: digest)
        try context.update(.accessToken(old), to: .accessToken(rotated), reason: "rotated")
        return NewToken(token: new, secret: secret)
    }

    /// - Parameter most: the end of the new one at the latest; nil for none.
    func rotate(
        _ old: AccessToken, atMost most: Timestamp?, madeBy maker: TokenID?, in context: WriteContext
    ) throws(AccessError) -> NewToken {
        guard old.rotatedTo == nil else {
            throw .conflict(code: .rotated, detail: "the token \(old.name) was rotated already: make a new one")
        }
        guard old.login == nil else {
            throw .conflict(code: .notRotated, detail: "a registry client's login is not rotated: log in again")
        }
        guard old.expiresAt.map({ context.now < $0 }) ?? true else {
            throw .conflict(code: .ended, detail: "the token \(old.name) has ended: make a new one")
        }
        try context.checkEnd(expiresAt)
        let lasting = old.expiresAt.map { min(context.now + old.createdAt.duration(to: $0), .last) }
        let usual = [lasting, most].compactMap(\.self).min()
        try context.requireEnd(expiresAt ?? usual, atMost: usual)
        // Of a line of tokens the last two are good, so that nobody collects them.
        for before in try context.writer.tokens(of: old.holder) where before.rotatedTo == old.id {
            try context.delete(.accessToken(before), reason: "rotated twice")
        }
        try context.requireRoom(for: old.holder, named: "the holder of \(old.name)")
        var new = old
        new.id = context.newIdentifier()
        new.madeBy = maker
        new.createdAt = context.now
        new.expiresAt = expiresAt ?? usual
        try context.insert(.accessToken(new), reason: "takes the place of \(old.id)", secret: digest)
        for made in try context.writer.tokens(madeBy: old.id) {
            var moved = made
            moved.madeBy = new.id
            try context.update(
                .accessToken(made), to: .accessToken(moved), reason: "the token that it was made with was rotated")
        }
        if overlap == .zero {
            try context.delete(.accessToken(old), reason: "rotated")
        } else {
            var ending = old
            ending.rotatedTo = new.id
            ending.expiresAt = min(old.expiresAt ?? context.now + overlap, context.now + overlap)
            try context.update(.accessToken(old), to: .accessToken(ending), reason: "rotated")
        }
        return NewToken(token: new, secret: secret)
    }
}
