import AccessModel

extension Transactions {
    /// Checks the log, the rows and the file.
    /// - Parameter head: a hash noted before, which must be in the chain.
    public func verify(head: String?, as caller: Caller) async throws(AccessError) -> LogVerification {
        guard published.current.allows(caller.actor, .administer, at: clock.now) else {
            throw .forbidden("you may not verify the database")
        }
        if let head, head.utf8.count != 64 || !head.allSatisfy(\.isHexDigit) {
            throw .invalid(field: "head", value: head, reason: "a head is 64 hexadecimal digits, as `verify` prints it")
        }
        let now = clock.now
        return try await longReadings.pass(caller.actor) { () async throws(AccessError) in
            try await store.read { (reader) throws(AccessError) in try reader.verify(head: head, now: now) }
        }
    }

    /// How far the clock is behind the newest entry of the change log, in whole seconds; 0 if it is not.
    public func secondsBehindLog() async throws(AccessError) -> Int64 {
        let last = try await store.read { (reader) throws(AccessError) in try reader.lastChangeTime() }
        return max(0, last.map { clock.now.duration(to: $0).components.seconds } ?? 0)
    }
}
