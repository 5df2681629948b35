import AccessModel
import LDAPClient
import TestSupport
import Testing

@testable import LDAPDirectory

@Suite struct LDAPFormatTests {
    @Test(
        arguments: [
            ("20260301120000Z", 1_772_366_400), ("202603011200Z", 1_772_366_400), ("2026030112Z", 1_772_366_400),
            ("20260301120000.9Z", 1_772_366_400), ("2026030112.5Z", 1_772_368_200), ("202603011200,5Z", 1_772_366_430),
            ("20260301120000+0200", 1_772_359_200), ("20260301120000-0230", 1_772_375_400),
            ("2026030112+01", 1_772_362_800),
            ("20260301115960Z", 1_772_366_399), ("20261332000000Z", nil), ("20260301250000Z", nil),
            ("20260301120000", nil),
            ("20260301", nil), ("", nil), ("20260301120000.Z", nil), ("20260301120000+9Z", nil),
            ("２0260301120000Z", nil),
        ] as [(String, Int64?)])
    func `a time may be written in any way that the standard has`(text: String, seconds: Int64?) {
        #expect(GeneralizedTime.timestamp(text) == seconds.map { Timestamp(seconds: $0) })
    }

    @Test(arguments: [
        ("ldap://dc1.corp.example.com", "ldap://dc1.corp.example.com:389"),
        ("LDAPS://dc1.corp.example.com/", "ldaps://dc1.corp.example.com:636"),
        ("ldaps://10.1.2.3:3269", "ldaps://10.1.2.3:3269"),
        ("ldap://[2001:db8::1]", "ldap://[2001:db8::1]:389"),
        ("ldap://[2001:db8::1]:1389", "ldap://[2001:db8::1]:1389"),
    ])
    func `a URL names one server`(text: String, canonical: String) throws {
        #expect(try #require(LDAPURL(text)).description == canonical)
    }

    @Test(arguments: [
        "", "dc1", "ldapi://%2ftmp%2fsock", "http://dc1", "ldaps://", "ldaps://:636", "ldaps://a ldap://b",
        "ldaps://a,ldap://b", "ldaps://a:0", "ldaps://a:99999", "ldaps://a:+6", "ldaps://a/dc=x", "ldaps://a?b",
        "ldaps://u@a", "ldaps://[::1", "ldaps://a\u{0}b", "ldaps://ä",
    ])
    func `anything else is no URL`(text: String) {
        #expect(LDAPURL(text) == nil)
    }

    @Test(arguments: [
        ("plain", "plain"), ("a*b", "a\\2ab"), ("(x)", "\\28x\\29"), ("back\\slash", "back\\5cslash"),
        ("nul\u{0}", "nul\\00"), ("Zoë", "Zoë"),
    ])
    func `a value in a filter is escaped`(value: String, escaped: String) {
        #expect(LDAPFilter.escape(value) == escaped)
    }

    @Test func `bytes in a filter are escaped where they are no text`() {
        #expect(LDAPFilter.escape(bytes: [0x41, 0xFF, 0x00, 0x2A]) == "A\\ff\\00\\2a")
    }

    @Test(arguments: [
        ("plain", "plain"), ("Doe, John", "Doe\\, John"), ("#1", "\\#1"), ("a#1", "a#1"), (" x ", "\\ x\\ "),
        ("a+b=c", "a\\+b\\=c"), ("\"q\"", "\\\"q\\\""), ("<;>", "\\<\\;\\>"), ("back\\slash", "back\\\\slash"),
        ("tab\there", "tab\\09here"), ("Müller (ext) *", "Müller (ext) *"), (" ", "\\ "),
    ])
    func `a value in a name is escaped`(value: String, escaped: String) {
        #expect(LDAPDN.escape(value) == escaped)
    }

    @Test func `a range is told from the attribute's description`() throws {
        let values = LDAPValues([Array("a".utf8), Array("b".utf8)])
        let entry = LDAPEntry(dn: "", attributes: [.init(description: "Member;Range=1500-1501", values: values)])
        let range = try #require(entry.range(of: "member"))
        #expect(range.first == 1500)
        #expect(range.last == 1501)
        #expect(range.values.strings == ["a", "b"])
        #expect(entry["member"].isEmpty)
    }

    @Test func `the last piece of a range has no end`() throws {
        let entry = LDAPEntry(dn: "", attributes: [.init(description: "member;range=3000-*", values: LDAPValues())])
        #expect(try #require(entry.range(of: "member")).last == nil)
    }

    @Test func `a GUID has three little-endian fields`() {
        #expect(
            WindowsFormat.guid([
                0xAE, 0x4F, 0x1D, 0xF8, 0xEC, 0x7D, 0xD0, 0x11, 0xA7, 0x65, 0x00, 0xA0, 0xC9, 0x1E, 0x6B, 0xF6,
            ]) == "f81d4fae-7dec-11d0-a765-00a0c91e6bf6")
        #expect(WindowsFormat.guid([1, 2, 3]) == nil)
    }

    @Test func `a SID is written by its parts`() {
        let bytes: [UInt8] = [1, 2, 0, 0, 0, 0, 0, 5, 32, 0, 0, 0, 0x20, 2, 0, 0]
        #expect(WindowsFormat.sid(bytes[...]) == "S-1-5-32-544")
        #expect(WindowsFormat.sid(bytes.dropLast()) == nil)
        #expect(WindowsFormat.sid([]) == nil)
    }

    @Test(
        arguments: [
            (0, nil), (Int64.max, nil), (133_485_408_000_000_000, "2024-01-01T00:00:00Z"),
        ] as [(Int64, String?)])
    func `an expiry is a time or never`(intervals: Int64, time: String?) {
        #expect(WindowsFormat.expiry(intervals)?.description == time)
    }

    @Test(arguments: [
        (
            "80090308: LdapErr: DSID-0C090447, comment: AcceptSecurityContext error, data 775, v3839",
            "the account is locked after wrong passwords"
        ),
        (
            "80090308: LdapErr: DSID-0C090447, comment: AcceptSecurityContext error, data 532, v3839",
            "the password has expired"
        ),
        (
            "80090308: LdapErr: DSID-0C090447, comment: AcceptSecurityContext error, data 9ab, v3839",
            "the name or the password is wrong (data 9ab)"
        ),
        ("", "the name or the password is wrong"),
    ])
    func `a refusal by Active Directory is told in words`(diagnostic: String, words: String) {
        #expect(BindRefusal.words(LDAPError("bind", .invalidCredentials, diagnostic)) == words)
    }
}
