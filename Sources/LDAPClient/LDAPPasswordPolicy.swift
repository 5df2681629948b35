/// What a server says of a password beside its verdict on the bind (draft-behera-ldap-password-policy-10, section 6.2).
public struct LDAPPasswordPolicy: Hashable, Sendable {
    public enum Problem: Hashable, Sendable {
        /// With a refused bind: the password is right, and expired.
        case expired
        /// The password was not even looked at.
        case locked
        /// With an accepted bind, which may then do nothing but change it.
        case mustChange
    }

    public var problem: Problem?
    /// The password is expired, and is accepted so many times more.
    public var graceLogins: Int?

    static let oid = "1.3.6.1.4.1.42.2.27.8.5.1"
    /// 389 Directory Server and others before it: the password is expired, or is to be changed first. Not asked for.
    private static let netscapeExpired = "2.16.840.1.113730.3.4.4"

    /// nil where the server says nothing of it.
    init?(_ answer: LDAPAnswer) {
        if answer.control(Self.netscapeExpired) != nil { problem = answer.code == .success ? .mustChange : .expired }
        if let value = answer.control(Self.oid)?.value {
            var outer = BERReader(value)
            guard var content = outer.reader(BER.sequence) else { return nil }
            if var warning = content.reader(0xA0) {
                // timeBeforeExpiration is no more than a date to come.
                _ = warning.number(0x80)
                graceLogins = warning.number(0x81)
            }
            switch content.number(0x81) {
            case 0: problem = .expired
            case 1: problem = .locked
            case 2: problem = .mustChange
            default: break
            }
        }
        if problem == nil, graceLogins == nil { return nil }
    }
}
