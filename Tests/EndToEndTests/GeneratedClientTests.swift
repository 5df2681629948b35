import Foundation
import TestSupport
import Testing

/// Programs that others write against the API.
@Suite(.timeLimit(.minutes(5)))
struct GeneratedClientTests {
    @Test func `the description is valid, and a client that is made of it works`() async throws {
        let server = try await PortreeveProcess.start()
        let company = server.installation
        for form in ["json", "yaml"] {
            let file = company.folder.path("openapi.\(form)")
            let text = try await company.send("GET", "/openapi.\(form)").body
            try text.write(to: URL(filePath: file))
            _ = try await Program.run([Checkout.pythonTool("openapi-spec-validator"), file], in: company.folder.root)
                .required()
        }
        let made = try await Program.run(
            [
                Checkout.pythonTool("openapi-python-client"), "generate", "--path", company.folder.path("openapi.json"),
                "--meta",
                "none",
                "--output-path", company.folder.path("client/portreeve_client"),
            ], in: company.folder.root
        ).required()
        #expect(!made.text.contains("ERROR"), "\(made)")
        let outcome = try await Program.run(
            [
                Checkout.pythonTool("python3"), Checkout.path("Scripts/try-generated-client"),
                company.folder.path("client"),
                company.url,
                PortreeveInstallation.administrator, company.password,
            ], in: company.folder.root
        ).required()
        #expect(outcome.output.contains("get_key_set: EC and RSA"), "\(outcome)")
        try await server.remove()
    }

    @Test func `a program that links the model decides`() async throws {
        let program = URL(filePath: try Checkout.executable()).deletingLastPathComponent().path(percentEncoded: false)
        let outcome = try await Program.run([program + "/Decide"]).required()
        #expect(
            outcome.output == """
                elton push nerd-dinner/nerd-dinner-web: allowed
                  is a member of nerd-dinner/ops, which has read-write on nerd-dinner/nerd-dinner-web
                elton manage-access nerd-dinner/nerd-dinner-web: denied
                  is a member of nerd-dinner/ops, which has read-write on nerd-dinner/nerd-dinner-web

                """, "\(outcome)")
    }
}
