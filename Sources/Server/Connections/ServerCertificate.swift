import Foundation
import NIOSSL
import Synchronization

/// The certificate chain and the key that TLS shows. Both can be read anew while connections go on: each handshake uses the
/// pair that was read last.
final class ServerCertificate: Sendable {
    private struct Loaded {
        let override: NIOSSLContextConfigurationOverride
        /// Seconds since 1970.
        let end: Int
        /// Of both files at the last attempt to read them.
        var stamps: [FileStamp?]
    }

    private let chain: String
    private let key: String
    private let loaded: Mutex<Loaded>
    /// With what was read first.
    private let configuration: TLSConfiguration

    /// - Parameters:
    ///   - chain: a PEM file: the certificate, then those between it and the authority.
    ///   - key: a PEM file of the private key.
    init(chain: String, key: String) throws(ServerError) {
        (self.chain, self.key) = (chain, key)
        let stamps = [chain, key].map(FileStamp.init)
        let first = try Self.read(chain, key)
        loaded = Mutex(Loaded(override: Self.override(first.configuration), end: first.end, stamps: stamps))
        configuration = first.configuration
    }

    /// When the first of the chain that is shown ends, in seconds since 1970.
    var end: Int { loaded.withLock { $0.end } }

    /// Shows in each handshake what was read last by then.
    func serving() -> TLSConfiguration {
        var configuration = configuration
        configuration.sslContextCallback = { [self] _, promise in
            promise.succeed(loaded.withLock { $0.override })
        }
        return configuration
    }

    /// Reads both files anew if one has changed since they were read or tried last.
    /// - Returns: whether a new certificate is in use.
    /// - Throws: for files that cannot be used; what was shown before stays.
    func readIfChanged() throws(ServerError) -> Bool {
        let stamps = [chain, key].map(FileStamp.init)
        let isNew = loaded.withLock { loaded in
            defer { loaded.stamps = stamps }
            return loaded.stamps != stamps
        }
        guard isNew else { return false }
        let new = try Self.read(chain, key)
        let now = time(nil)
        guard new.end > now || end <= now else {
            throw .setting(key: "tls.certificate", reason: "the certificate in \(chain) has ended already")
        }
        loaded.withLock { $0 = Loaded(override: Self.override(new.configuration), end: new.end, stamps: stamps) }
        return true
    }

    /// What should be known of a pair that can be used, and how much it matters.
    func complaints(now: Int = time(nil)) -> [(isGrave: Bool, text: String)] {
        var complaints: [(isGrave: Bool, text: String)] = []
        if FileStamp(key)?.isReadByAll ?? false {
            complaints.append(
                (false, "every user of this machine may read the key of the certificate: chmod o-r \(key)"))
        }
        let date = Date(timeIntervalSince1970: TimeInterval(end)).ISO8601Format()
        if end <= now {
            complaints.append((true, "the certificate has ended at \(date): clients refuse it"))
        } else if end - now < 14 * 86_400 {
            complaints.append((false, "the certificate ends at \(date): renew it"))
        }
        return complaints
    }

    private static func override(_ configuration: TLSConfiguration) -> NIOSSLContextConfigurationOverride {
        var override = NIOSSLContextConfigurationOverride()
        override.certificateChain = configuration.certificateChain
        override.privateKey = configuration.privateKey
        return override
    }

    private static func read(
        _ chain: String, _ key: String
    ) throws(ServerError) -> (configuration: TLSConfiguration, end: Int) {
        for (name, file) in [("tls.certificate", chain), ("tls.key", key)] {
            // A pipe would keep the service waiting for whoever writes into it.
            guard let stamp = FileStamp(file) else { throw .setting(key: name, reason: "there is no file \(file)") }
            guard stamp.isRegular else { throw .setting(key: name, reason: "\(file) is not a regular file") }
            guard access(file, R_OK) == 0 else {
                throw .setting(key: name, reason: "\(file) cannot be read: \(String(cString: strerror(errno)))")
            }
        }
        guard let certificates = try? NIOSSLCertificate.fromPEMFile(chain), !certificates.isEmpty else {
            throw .setting(key: "tls.certificate", reason: "\(chain) holds no PEM certificate")
        }
        guard let privateKey = try? NIOSSLPrivateKey(file: key, format: .pem) else {
            throw .setting(key: "tls.key", reason: "\(key) holds no PEM key, or one with a passphrase")
        }
        do {
            let configuration = TLSConfiguration.makeServerConfiguration(
                certificateChain: certificates.map { .certificate($0) }, privateKey: .privateKey(privateKey))
            // Which also refuses a key that is not the certificate's.
            _ = try NIOSSLContext(configuration: configuration)
            return (configuration, certificates.map { Int($0.notValidAfter) }.min() ?? 0)
        } catch {
            throw .setting(
                key: "tls.key",
                reason: "\(key) is not the key of the first certificate in \(chain): put that one first, then those "
                    + "between it and the authority")
        }
    }
}

/// What changes with a file's content, also where another file takes its name.
private struct FileStamp: Equatable {
    let inode: UInt64
    let size: Int64
    let seconds: Int
    let nanoseconds: Int
    private let mode: mode_t

    var isRegular: Bool { mode & S_IFMT == S_IFREG }
    /// Whether every user of the machine may read it.
    var isReadByAll: Bool { mode & S_IROTH != 0 }

    /// nil for a file that is not there.
    init?(_ path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        (inode, size) = (UInt64(status.st_ino), Int64(status.st_size))
        (seconds, nanoseconds) = (status.st_mtim.tv_sec, status.st_mtim.tv_nsec)
        mode = status.st_mode
    }
}
