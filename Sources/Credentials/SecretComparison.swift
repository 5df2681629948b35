import Crypto
import FoundationEssentials

/// Whether two secrets are the same, in a time that tells neither where they differ nor how
/// long the right one is: digests are compared, in constant time.
public func secretsAreEqual(_ left: some StringProtocol, _ right: some StringProtocol) -> Bool {
    SHA256.hash(data: Array(left.utf8)) == SHA256.hash(data: Array(right.utf8))
}
