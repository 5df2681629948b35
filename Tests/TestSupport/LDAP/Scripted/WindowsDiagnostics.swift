/// The words in which Windows says no.
extension WireResult {
    static let wrongPassword = refusedBind(data: "52e")

    static func refusedBind(data: String) -> WireResult {
        WireResult(
            code: 49,
            diagnostic: "80090308: LdapErr: DSID-0C090447, comment: AcceptSecurityContext error, data \(data), v3839")
    }

    static let notBound = WireResult(
        code: 1,
        diagnostic: "000004DC: LdapErr: DSID-0C090A5C, comment: In order to perform this operation a successful bind "
            + "must be completed on the connection., data 0, v3839")

    static let badControl = WireResult(
        code: 12, diagnostic: "00000057: LdapErr: DSID-0C090A4C, comment: Error processing control, data 0, v3839")

    static let unknownControl = WireResult(
        code: 12,
        diagnostic: "00002040: LdapErr: DSID-0C090A4D, comment: Unknown critical extension requested, data 0, v3839")

    static let mayNotReplicate = WireResult(
        code: 50, diagnostic: "00002105: LdapErr: DSID-0C0909A2, comment: Error processing control, data 0, v3839")

    static let noTLS = WireResult(
        code: 52, diagnostic: "00000000: LdapErr: DSID-0C090F05, comment: Error initializing SSL/TLS, data 0, v3839")

    static let unsupported = WireResult(
        code: 2, diagnostic: "0000203D: LdapErr: DSID-0C090C12, comment: Unknown extended request OID, data 0, v3839")

    static let sizeLimitExceeded = WireResult(code: 4)

    static func noSuchObject(bestMatch: String) -> WireResult {
        WireResult(
            code: 32, matchedDN: bestMatch,
            diagnostic: "0000208D: NameErr: DSID-03100241, problem 2001 (NO_OBJECT), data 0, best match of:\n\t'"
                + "\(bestMatch)'\n")
    }

    static func elsewhere(_ url: String) -> WireResult {
        WireResult(
            code: 10, diagnostic: "0000202B: RefErr: DSID-03100835, data 0, 1 access points\n\tref 1: '\(url)'\n",
            referrals: [url])
    }
}
