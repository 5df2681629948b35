public import AccessModel

/// What is known of the logins of one person of a directory, as it is kept over a restart.
public struct KnownDirectoryLogins: Hashable, Sendable {
    /// A password that the directory called wrong.
    public struct Attempt: Hashable, Sendable {
        public let network: String
        public let time: Timestamp

        public init(network: String, time: Timestamp) {
            self.network = network
            self.time = time
        }
    }

    /// The hash of the password that was right last, sealed; nil if there is none.
    public var sealedHash: [UInt8]?
    /// Where it was right, the latest first.
    public var networks: [String]
    /// Since it was right, or since half an hour without any.
    public var attempts: [Attempt]

    public init(sealedHash: [UInt8]? = nil, networks: [String] = [], attempts: [Attempt] = []) {
        self.sealedHash = sealedHash
        self.networks = networks
        self.attempts = attempts
    }
}
