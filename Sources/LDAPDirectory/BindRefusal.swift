import LDAPClient

/// Why a bind was refused, in words for the directory's administrator.
enum BindRefusal {
    static func words(_ error: LDAPError) -> String {
        switch error.code {
        case .invalidCredentials: credentials(error.diagnostic)
        case .strongerAuthenticationRequired, .confidentialityRequired:
            "it wants TLS before a password: use the mode \"ldaps\" or \"starttls\" (\(error))"
        default: error.description
        }
    }

    /// Why somebody was refused whose password may be right; nil where it is about the password.
    static func reasonBesidePassword(_ error: LDAPError, _ policy: LDAPPasswordPolicy?) -> String? {
        switch error.code {
        case .invalidCredentials:
            if let problem = policy?.problem { return words(problem) }
            guard let code = activeDirectoryCode(error.diagnostic), code != "52e" else { return nil }
            return meanings[code] ?? "the domain controller gives the Windows error 0x\(code)"
        case .inappropriateAuthentication: return "the account has no password there"
        case .noSuchObject: return "there is no such entry any more"
        // 389 Directory Server and FreeIPA: an account that is inactivated, and one that was guessed at too often.
        case .unwillingToPerform, .constraintViolation:
            return error.diagnostic.isEmpty ? error.code.text : error.diagnostic
        default: return nil
        }
    }

    /// What stands against somebody by the server's policy for passwords.
    static func words(_ problem: LDAPPasswordPolicy.Problem) -> String {
        switch problem {
        case .expired: "the password has expired"
        case .locked: "the account is locked"
        case .mustChange: "the password must be changed first"
        }
    }

    /// Whether a server's code says something of the name and the password, or of how they came. What it says of the
    /// server itself, such as that it is busy, another server may say otherwise.
    static func isVerdict(_ code: LDAPResultCode) -> Bool {
        [
            .invalidCredentials, .inappropriateAuthentication, .noSuchObject, .invalidDNSyntax, .insufficientAccess,
            .strongerAuthenticationRequired, .confidentialityRequired, .unwillingToPerform, .constraintViolation,
            .authMethodNotSupported,
        ].contains(code)
    }

    static func noVerdict(_ error: LDAPError) -> String {
        switch error.code {
        case .busy: "it is busy, and answered the bind with no verdict (\(error))"
        default: "it answered the bind with no verdict (\(error))"
        }
    }

    /// What to change about it.
    static func advice(_ error: LDAPError) -> String {
        switch error.code {
        case .invalidCredentials:
            activeDirectoryCode(error.diagnostic).flatMap { remedies[$0] } ?? otherRemedy
        case .strongerAuthenticationRequired, .confidentialityRequired:
            "set \"tls.mode\" to \"ldaps\" with ldaps:// URLs, or to \"starttls\""
        case .parameterError: "correct \"bind.dn\""
        case _ where error.code.isLocal: "try again; if it happens each time, look into the server's log"
        default: otherRemedy
        }
    }

    private static func credentials(_ diagnostic: String) -> String {
        guard let code = activeDirectoryCode(diagnostic) else { return "the name or the password is wrong" }
        return meanings[code] ?? "the name or the password is wrong (data \(code))"
    }

    // "80090308: LdapErr: DSID-0C090447, comment: AcceptSecurityContext error, data 52e, v3839": the number
    // behind "data" is a Windows error code in hexadecimal, the same in Samba's texts.
    private static func activeDirectoryCode(_ diagnostic: String) -> String? {
        guard let mark = diagnostic.firstRange(of: "data ") else { return nil }
        let code = diagnostic[mark.upperBound...].prefix { $0.isHexDigit }
        return code.isEmpty ? nil : code.lowercased()
    }

    private static let meanings = [
        "525": "there is no such account",
        "52e": "the name or the password is wrong",
        "530": "the account may not log in at this time",
        "531": "the account may not log in from this machine",
        "532": "the password has expired",
        "533": "the account is disabled",
        "701": "the account has expired",
        "773": "the password must be changed first",
        "775": "the account is locked after wrong passwords",
    ]
    private static let otherRemedy =
        "check \"bind.dn\" and the password (Active Directory takes name@domain as well), and put the directory again"

    private static let remedies = [
        "530": "lift the account's logon hours",
        "531": "lift the account's restriction to certain workstations",
        "532": "set a new password that does not expire, and put the directory again with it",
        "533": "enable the account",
        "701": "move the account's end (accountExpires), or let it have none",
        "773": "set a password, without \"must change password at next logon\", and put the directory again with it",
        "775": "unlock the account, and look for what binds with an old password",
    ]
}
