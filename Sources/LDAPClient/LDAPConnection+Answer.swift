import CLDAP

/// What the last message of an operation says (RFC 4511, 4.1.9).
struct LDAPAnswer {
    var code: LDAPResultCode
    var diagnostic: String
    var referrals: [String]
    /// The cookie of the paging control; nil if the answer has no such control.
    var pageCookie: [UInt8]?
    var controls: [LDAPControlValue]

    func control(_ oid: String) -> LDAPControlValue? { controls.first { $0.oid == oid } }
}

extension LDAPConnection {
    mutating func parse(_ message: OpaquePointer, _ operation: String) throws(LDAPError) -> LDAPAnswer {
        var code: Int32 = 0
        var text: UnsafeMutablePointer<CChar>?
        var referrals: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
        var controls: UnsafeMutablePointer<UnsafeMutablePointer<LDAPControl>?>?
        let status = ldap_parse_result(handle, message, &code, nil, &text, &referrals, &controls, 0)
        defer {
            ldap_memfree(text)
            cldap_free_strings(referrals)
            ldap_controls_free(controls)
        }
        guard status == LDAP_SUCCESS else { throw localError(operation, status) }
        let values = Self.values(of: controls)
        return LDAPAnswer(
            code: LDAPResultCode(rawValue: code), diagnostic: text.map { String(cString: $0) } ?? "",
            referrals: Self.strings(referrals), pageCookie: try pageCookie(values, operation), controls: values)
    }

    mutating func entryControls(_ message: OpaquePointer) throws(LDAPError) -> [LDAPControlValue] {
        var controls: UnsafeMutablePointer<UnsafeMutablePointer<LDAPControl>?>?
        let status = ldap_get_entry_controls(handle, message, &controls)
        defer { ldap_controls_free(controls) }
        guard status == LDAP_SUCCESS else { throw localError("search", status) }
        return Self.values(of: controls)
    }

    /// RFC 4511, 4.13.
    mutating func intermediate(_ message: OpaquePointer) throws(LDAPError) -> LDAPEvent {
        var oid: UnsafeMutablePointer<CChar>?
        var data: UnsafeMutablePointer<berval>?
        let status = ldap_parse_intermediate(handle, message, &oid, &data, nil, 0)
        defer {
            ldap_memfree(oid)
            ber_bvfree(data)
        }
        guard status == LDAP_SUCCESS else { throw localError("search", status) }
        return .intermediate(
            oid: oid.map { String(cString: $0) } ?? "", value: data.map { Array(Self.bytes($0.pointee)) } ?? [])
    }

    private static func values(
        of controls: UnsafeMutablePointer<UnsafeMutablePointer<LDAPControl>?>?
    ) -> [LDAPControlValue] {
        var values: [LDAPControlValue] = []
        guard var next = controls else { return values }
        while let control = next.pointee {
            values.append(
                LDAPControlValue(
                    control.pointee.ldctl_oid.map { String(cString: $0) } ?? "",
                    isCritical: control.pointee.ldctl_iscritical != 0, value: Array(bytes(control.pointee.ldctl_value)))
            )
            next += 1
        }
        return values
    }

    /// The URLs of a continuation reference.
    mutating func references(_ message: OpaquePointer) throws(LDAPError) -> [String] {
        var urls: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
        let status = ldap_parse_reference(handle, message, &urls, nil, 0)
        defer { cldap_free_strings(urls) }
        guard status == LDAP_SUCCESS else { throw localError("search", status) }
        return Self.strings(urls)
    }

    mutating func entry(_ message: OpaquePointer) throws(LDAPError) -> LDAPEntry {
        var element: OpaquePointer?
        var dn = berval()
        let status = ldap_get_dn_ber(handle, message, &element, &dn)
        defer { ber_free(element, 0) }
        guard status == LDAP_SUCCESS else { throw localError("search", status) }
        var entry = LDAPEntry(dn: Self.string(dn), attributes: [])
        while true {
            var name = berval()
            var values: UnsafeMutablePointer<berval>?
            let status = ldap_get_attribute_ber(handle, message, element, &name, &values)
            // The values themselves lie in the message; only their table is ours.
            defer { ber_memfree(values) }
            guard status == LDAP_SUCCESS else { throw localError("search", status) }
            guard name.bv_val != nil else { return entry }
            entry.attributes.append(.init(description: Self.string(name), values: Self.values(values)))
        }
    }

    /// The cookie of the paging control (RFC 2696). libldap ends the process where the control has no value.
    private mutating func pageCookie(
        _ controls: [LDAPControlValue], _ operation: String
    ) throws(LDAPError) -> [UInt8]? {
        guard let control = controls.first(where: { $0.oid == LDAP_CONTROL_PAGEDRESULTS }) else { return nil }
        var outer = BERReader(control.value ?? [])
        guard var value = outer.reader(BER.sequence), value.number() != nil,
            let cookie = value.content(BER.octetString)
        else { throw fail(LDAPError(operation, .decodingError, "the paging control of an answer cannot be read")) }
        return Array(cookie)
    }

    private static func bytes(_ value: berval) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: value.bv_val, count: value.bv_val == nil ? 0 : Int(value.bv_len))
    }

    private static func string(_ value: berval) -> String { String(decoding: bytes(value), as: UTF8.self) }

    private static func values(_ table: UnsafeMutablePointer<berval>?) -> LDAPValues {
        var values = LDAPValues()
        guard var next = table else { return values }
        while next.pointee.bv_val != nil {
            values.append(bytes(next.pointee))
            next += 1
        }
        return values
    }

    private static func strings(_ table: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?) -> [String] {
        var strings: [String] = []
        guard var next = table else { return strings }
        while let text = next.pointee {
            strings.append(String(cString: text))
            next += 1
        }
        return strings
    }
}
