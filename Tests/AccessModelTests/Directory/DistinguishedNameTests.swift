import AccessModel
import ReferenceModel
import Testing

struct DistinguishedNameTests {
    @Test(arguments: [
        ("uid=abe,dc=x", "uid", "ABE", true), ("uid=abe,dc=x", "cn", "abe", false),
        ("uid=abe,dc=x", "uid", "ab", false),
        ("cn=Doe\\, John+uid=jd,dc=x", "cn", "doe, john", true), ("cn=Doe\\, John+uid=jd,dc=x", "uid", "jd", true),
        ("ou=a,uid=abe", "uid", "abe", false), ("uid=a\\+b,dc=x", "uid", "a+b", true),
        ("uid=abe", "not a type", "abe", false),
    ])
    func `the first part of a name has values`(dn: String, attribute: String, value: String, isNamed: Bool) throws {
        #expect(try #require(DistinguishedName(dn)).isNamed(attribute, value) == isNamed)
    }

    @Test(arguments: [
        ("CN=S-1-5-21-1-2-3-1105,CN=ForeignSecurityPrincipals,DC=x", "S-1-5-21-1-2-3-1105"),
        ("CN=S-1-5-11,CN=ForeignSecurityPrincipals,DC=x", "S-1-5-11"), ("CN=S-1-5-11,OU=People,DC=x", nil),
        ("CN=Smith,CN=ForeignSecurityPrincipals,DC=x", nil),
    ])
    func `a member from another forest has a SID`(dn: String, sid: String?) throws {
        #expect(try #require(DistinguishedName(dn)).foreignSID == sid)
    }

    @Test(arguments: [
        ("CN=Doe\\, John,DC=x", "cn=Doe\\2C John,dc=x"),
        ("CN=Doe\\, John,DC=x", "cn=doe\\2c john,dc=X"),
        ("CN=\\ lead,DC=x", "cn=\\20lead,dc=x"),
        ("CN=\\#hash,DC=x", "cn=\\23hash,dc=x"),
        ("CN=a\\\"b\\+c\\<d\\>e\\\\f,DC=x", "cn=a\\22b\\2Bc\\3Cd\\3Ee\\5Cf,dc=x"),
        ("CN=a\\3Bb\\3Dc,DC=x", "cn=a\\;b=c,dc=x"),
        ("CN=line\\0Abreak,DC=x", "cn=line\\0abreak,dc=x"),
        ("CN=nul\\00,DC=x", "cn=NUL\\00,dc=x"),
        ("CN=M\u{FC}ller,DC=x", "cn=M\\C3\\9Cller,dc=x"),
        ("CN=two   spaces ,DC=x", "CN=two spaces,DC=x"),
        ("CN = spaced , DC = x", "CN=spaced,DC=x"),
        ("CN=a+UID=b,DC=x", "UID=b + CN=a,DC=x"),
        ("CN=#04024869,DC=x", "CN=Hi,DC=x"),
        ("2.5.4.3=a,0.9.2342.19200300.100.1.25=x", "cn=a,dc=x"),
        ("CN=(a*b)/c,DC=x", "cn=(A\\2aB)\\2fC,dc=x"),
        ("", " "),
    ])
    func `two spellings of one name are equal`(_ left: String, _ right: String) throws {
        let (left, right) = (try #require(DistinguishedName(left)), try #require(DistinguishedName(right)))
        #expect(left == right)
        #expect(left.hashValue == right.hashValue)
    }

    @Test(arguments: [
        ("CN=a,OU=x,DC=c", "CN=a,OU=y,DC=c"),
        ("CN=a\\,OU=x,DC=c", "CN=a,OU=x,DC=c"),
        ("CN=caf\u{E9},DC=c", "CN=cafe\u{301},DC=c"),
        ("CN=\\#0401,DC=c", "CN=#040141,DC=c"),
        ("CN=a\\+UID=b,DC=c", "CN=a+UID=b,DC=c"),
        ("CN=ab,DC=c", "CN=a b,DC=c"),
    ])
    func `two names stay two`(_ left: String, _ right: String) throws {
        #expect(try #require(DistinguishedName(left)) != #require(DistinguishedName(right)))
    }

    @Test(arguments: [
        "CN", "=a", "CN=a,", ",CN=a", "CN=a,,DC=b", "CN=a+", "CN=a\\", "CN=a\\4", "CN=a\\zz", "CN=a;DC=b", "CN=\"a\"",
        "CN=<a>", "CN=#", "CN=#4", "CN=#zz", "C N=a", "1a=b", "1=b", "1..2=b", "CN=a\u{0}b", "plain text",
    ])
    func `what is no distinguished name is refused`(_ text: String) {
        #expect(DistinguishedName(text) == nil)
    }

    @Test(arguments: [
        ("CN=a,OU=x,DC=c", "ou=X, dc=c", true), ("OU=x,DC=c", "OU=x,DC=c", true),
        ("CN=a,OU=xx,DC=c", "OU=x,DC=c", false),
        ("CN=a\\,OU=x,DC=c", "OU=x,DC=c", false), ("DC=c", "OU=x,DC=c", false), ("CN=a", "", true),
    ])
    func `an entry is within its base and no other`(_ name: String, _ base: String, _ isWithin: Bool) throws {
        #expect(try #require(DistinguishedName(name)).isWithin(#require(DistinguishedName(base))) == isWithin)
    }

    @Test func `the normalised form is a name equal to the first`() throws {
        for text in ["CN=a\\, \\+ \\\\ \\#,DC=x", "CN=\\#a,DC=x", "CN=\\ ,DC=x", "CN=\\FF\\20\\20,DC=x", "CN=\\00\\0A"]
        {
            let name = try #require(DistinguishedName(text))
            #expect(DistinguishedName(name.normalized) == name)
        }
    }

    /// A space in front makes no difference but that the name is taken apart byte by byte.
    @Test func `a plain name is what the whole grammar makes of it`() {
        var random = SplitMix64(seed: 11)
        let alphabet = Array("aZcn=,,= -+#\\\"20;<>\u{E9}_\u{7F}\n.")
        var names = 0
        for _ in 1...50_000 {
            let text = String((0..<random.below(14)).compactMap { _ in random.pick(alphabet) })
            let name = DistinguishedName("cn=" + text)
            names += name == nil ? 0 : 1
            #expect(name?.normalized == DistinguishedName(" cn=" + text)?.normalized, "\(text)")
            #expect(DistinguishedName(text)?.normalized == DistinguishedName(" " + text)?.normalized, "\(text)")
        }
        #expect(names > 5_000)
    }
}
