import AccessControl
import AccessModel
import TestSupport
import Testing

/// What the OpenAPI document lists, beside what the code has.
@Suite struct DocumentTests {
    /// Every list of words that the document may have, from the code where the code has one.
    private static let lists: [String: [String]] = [
        "AccessLevel": AccessLevel.words, "Account.Kind": ["user", "organization"],
        "kind of a namespace": ["user", "org"], "Page.Order": Page.Order.allCases.map(\.rawValue),
        "RFC 6749 errors": ["invalid_request", "invalid_grant", "unauthorized_client", "unsupported_grant_type"],
        "Fact.Kind": Fact.Kind.words,
        "OrganizationMember.Role": OrganizationMember.Role.words, "TeamMember.Role": TeamMember.Role.words,
        "Repository.Visibility": Repository.Visibility.words, "RegistryAction": RegistryAction.words,
        "DirectorySettings.Preset": DirectorySettings.Preset.words,
        "DirectorySettings.LocalMembers": DirectorySettings.LocalMembers.words,
        "DirectorySettings.TLS.Mode": DirectorySettings.TLS.Mode.words,
        "DirectorySettings.Search.Scope": DirectorySettings.Search.Scope.words,
        "the action of leavers": ["deactivate"], "SyncRun.Mode": SyncRun.Mode.words,
        "SyncRun.State": SyncRun.State.words, "ChangeSelection.Order": ChangeSelection.Order.words,
        "states that have ended": SyncRun.State.words.filter { $0 != SyncRun.State.running.rawValue },
        "SyncRun.Extent": SyncRun.Extent.words, "SyncNote.Kind": SyncNote.Kind.words,
        "SyncChange.Kind": SyncChange.Kind.words, "DirectoryCheckupStep.Outcome": DirectoryCheckupStep.Outcome.words,
        "ControlReason.Kind": ControlReason.Kind.words, "ControlRemedy.Kind": ControlRemedy.Kind.words,
        "Site.Form": Site.Form.words,
        "kinds of control subjects": ["user", "team", "org", "service-account", "everyone"],
        "Reason.Kind": Reason.Kind.words, "Remedy.Kind": Remedy.Kind.words,
        "SigningKeyState.Role": SigningKeyState.Role.words,
        "roles that can be removed": SigningKeyState.Role.words.filter { $0 != SigningKeyState.Role.signing.rawValue },
        "SigningAlgorithm": SigningAlgorithm.words, "ErrorCode": answered.map(\.rawValue),
        "kinds of subjects": ["team", "user", "service-account"], "kinds of targets": ["repository", "namespace"],
        "reserved names": AccountName.reserved.sorted(), "effects of a dry run": ["add", "change", "delete"],
        "effects of a difference": ["gained", "lost"], "kinds of tokens": ["access", "registry-login"],
        "AuthZEN 1.0, 7.1.2.1": ["execute_all", "deny_on_first_deny", "permit_on_first_permit"],
        "RFC 6749": ["password", "refresh_token"], "access_type": ["online", "offline"], "RFC 7518 kty": ["EC"],
        "RFC 7518 kty of RSA": ["RSA"], "RFC 7518 crv": ["P-256"], "RFC 7517 use": ["sig"],
        "RFC 7518 alg": ["ES256"], "RFC 7518 alg of RSA": ["RS256"],
    ]

    /// Codes that answers may have.
    private static let answered = ErrorCode.allCases.filter { $0 != .dryRun && $0 != .administratorExists }

    @Test func `the words of the document are those of the code`() {
        let described = Self.enumerations(in: APIDocument.shared.root)
        let known = Set(Self.lists.values.map(Set.init))
        #expect(described.subtracting(known) == [], "not of the code")
        #expect(known.subtracting(described) == [], "not in the document")
        #expect(described.count >= 30)
    }

    @Test func `every code is described where it may be answered`() throws {
        let responses = try #require(APIDocument.shared.root["components"]?["responses"]?.members)
        let text = responses.values.compactMap { $0["description"]?.string }.joined(separator: " ")
        for code in Self.answered { #expect(text.contains("`\(code.rawValue)`"), "\(code.rawValue)") }
    }

    @Test func `every action that can be asked for is described`() throws {
        let schemas = try #require(APIDocument.shared.root["components"]?["schemas"])
        let described = try #require(schemas["Action"]?["description"]?.string)
        for action in Action.allCases { #expect(described.contains("`\(action.rawValue)`"), "\(action.rawValue)") }
    }

    @Test func `every operation has a right, a summary, an identity of its own and an example of its body`() {
        let operations = APIDocument.shared.operations
        #expect(Set(operations.map(\.id)).count == operations.count && operations.count > 110)
        for operation in operations {
            #expect(!operation.rights.isEmpty, "\(operation.name)")
            #expect(!operation.summary.isEmpty, "\(operation.name)")
            #expect(operation.body == nil || operation.example != nil, "\(operation.name)")
        }
    }

    /// The values of every `enum`, without null.
    private static func enumerations(in value: JSONValue) -> Set<Set<String>> {
        var found: Set<Set<String>> = []
        for (name, member) in value.members where name != "example" {
            if name == "enum", !member.elements.isEmpty {
                found.insert(Set(member.elements.compactMap(\.string)))
            } else {
                found.formUnion(enumerations(in: member))
            }
        }
        for element in value.elements { found.formUnion(enumerations(in: element)) }
        return found
    }
}

extension CaseIterable where Self: RawRepresentable<String> {
    fileprivate static var words: [String] { allCases.map(\.rawValue) }
}
