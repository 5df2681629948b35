extension WindowsDirectory {
    package struct Settings: Sendable {
        /// MaxPageSize: entries in one answer, with or without pages.
        package var maxPageSize = 1000
        /// MaxValRange: values of one attribute in one answer.
        package var maxValRange = 1500
        /// Whether the account may see tombstones.
        package var showsDeleted = false
        /// Whether the account has the right to replicate, which DirSync needs unless it asks for
        /// what the account may see only.
        package var grantsDirSync = true
        /// Objects in one answer of DirSync.
        package var dirSyncBatch = 100
        /// Windows sends the attributes that changed since the cookie, and leaves out an object of which none
        /// of those asked for did. False: all that were asked for, of every object that changed.
        package var dirSyncSendsChangesOnly = true
        /// Controls that are supported. Any other one is refused if it is critical, else ignored.
        package var supportedControls = ["1.2.840.113556.1.4.319", "1.2.840.113556.1.4.417", "1.2.840.113556.1.4.841"]
        /// Child domains, as `ldap://child.win.example.com/DC=child,DC=win,DC=example,DC=com`.
        package var childDomains: [String] = []
        /// Whether searches of the whole domain come with references to the configuration and DNS partitions.
        package var refersToPartitions = true
    }

    /// What to do in place of an answer.
    package enum Scripted: Sendable {
        /// Ends the search with this code, after so many of its entries.
        case result(Int, diagnostic: String = "", referrals: [String] = [], afterEntries: Int = 0)
        /// Answers with success, and with other entries than there are. DirSync's, too.
        case entries(@Sendable (inout [WireEntry]) -> Void)
        /// Closes the connection after so many messages of the answer.
        case close(afterMessages: Int = 0)
        /// Says nothing more on this connection after so many messages of the answer.
        case silence(afterMessages: Int = 0)
    }

    package enum RequestKind: Sendable { case bind, unbind, search, abandon, extended, other }
}
