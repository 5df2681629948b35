public import AccessModel

extension Transactions {
    /// Notes what the entries of the log name, up to the newest one. In batches, between which others write.
    /// - Parameter last: up to which entry that was done before, by this or another process.
    /// - Returns: up to which it is done now.
    public func fillChangeKeys(after last: Revision?) async throws(AccessError) -> Revision {
        let newest = published.current.revision
        guard last != newest else { return newest }
        while try await store.write(
            as: .service, within: .milliseconds(100),
            { (writer) throws(AccessError) in try writer.fillChangeKeys(limit: 500) }), !Task.isCancelled
        {}
        return newest
    }
}
