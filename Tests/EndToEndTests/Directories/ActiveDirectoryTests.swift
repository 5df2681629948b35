import Foundation
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(5)))
struct ActiveDirectoryTests {
    @Test func `people of a domain come by plan and run, and log in with its password`() async throws {
        let samba = try await SambaDomainController.start()
        try await samba.apply(Self.people)
        let server = try await PortreeveProcess.start()
        let company = server.installation
        try await company.run(["import", Checkout.path("Sample-Data/nerd-dinner.jsonl")]).required()
        try company.folder.write(try String(contentsOfFile: samba.caFile, encoding: .utf8), to: "secrets/ca.pem")
        try company.folder.write(SambaDomainController.password + "\n", to: "secrets/password")
        let settings = try company.folder.write(Self.settings(samba), to: "directory.json")
        try await company.run(["directory", "put", "corp", settings]).required()

        let before = try await company.run(["export"]).required().output
        let plan = try await company.ask(["sync", "plan", "corp", "--all"]).required()
        #expect(plan.output.contains("elton") && plan.output.contains("nerd-dinner/ops"), "\(plan)")
        #expect(try await company.run(["export"]).required().output == before)

        let run = try await company.ask(["sync", "run", "corp"]).required()
        #expect(run.output.contains("applied"), "\(run)")
        #expect(try await members(of: "nerd-dinner/ops", at: company) == ["elton"])
        #expect(try await company.run(["check", "elton", "push", "nerd-dinner/nerd-dinner-web"]).status == 0)
        #expect(try await company.run(["check", "wendell", "push", "nerd-dinner/nerd-dinner-web"]).status == 1)
        for (name, status) in [("elton", 200), ("ELTON", 200), ("wendell", 401), ("stranger", 401)] {
            let credential = HTTPCredential.basic(name, SambaDomainController.password)
            #expect(try await company.send("GET", "/v1/users/me", as: credential).status == status)
        }
        let again = try await company.ask(["sync", "run", "corp"]).required()
        #expect(again.output.contains("nothing to change"), "\(again)")
        try await server.remove()
        try await samba.remove()
    }

    private static let unit = "OU=Company,\(SambaDomainController.base)"

    /// Elton is in the group that feeds the team through another one; wendell's account is disabled.
    private static var people: String {
        let (elton, wendell) = ("CN=Stone\\, Elton,\(unit)", "CN=Wendell Price,\(unit)")
        let onCall = "CN=On Call,\(unit)"
        return LDIF.entry(unit, [("objectClass", "organizationalUnit"), ("ou", "Company")])
            + SambaDomainController.user("Elton", dn: elton) + SambaDomainController.user("wendell", dn: wendell)
            + LDIF.replace(wendell, "userAccountControl", with: ["514"])
            + SambaDomainController.group("On Call", dn: onCall, members: [elton])
            + SambaDomainController.group("Registry Ops", dn: "CN=Registry Ops,\(unit)", members: [onCall, wendell])
    }

    private static func settings(_ samba: SambaDomainController) -> String {
        """
        {"preset": "active-directory", "urls": ["\(samba.tlsURL)"], "tls": {"mode": "ldaps", "ca_file": "ca.pem"},
         "bind": {"dn": "svc-sync@corp.example.com", "password_file": "password"},
         "users": {"base": "\(unit)"}, "groups": {"base": "\(unit)"}, "login": true,
         "rules": [{"group": "CN=Registry Ops,\(unit)", "team": "nerd-dinner/ops"}]}
        """
    }
}
