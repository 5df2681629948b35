import Foundation
import TestSupport
import Testing

/// A proxy before a dashboard that asks nobody who they are, with nginx, Caddy and Envoy.
@Suite(.serialized, .timeLimit(.minutes(5)))
struct DashboardTests {
    /// Says whom the proxy named.
    private static let dashboard = """
        import http.server, sys

        class Dashboard(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200 if self.path in ("/", "/index.html") else 404)
                self.end_headers()
                self.wfile.write(",".join(self.headers.get_all("X-Portreeve-User", [])).encode())

        http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Dashboard).serve_forever()
        """

    @Test(arguments: ForwardProxy.allCases)
    func `a proxy lets those through who have the operation in the collection, and nobody else`(
        _ proxy: ForwardProxy
    ) async throws {
        let service = try await PortreeveProcess.start()
        let installation = service.installation
        try await installation.makeUsers("elton", "frida")
        try await installation.run(["collection", "create", "/prod"]).required()
        try await installation.run(["control-grant", "put", "user:elton", "View Only", "/prod"]).required()
        let folder = try TemporaryFolder("dashboard")
        defer { folder.remove() }
        let program = try folder.write(Self.dashboard, to: "dashboard.py")
        let (port, behind) = (try Loopback.freePort(), try Loopback.freePort())
        let dashboard = try await ServerProcess.start(
            ["python3", program, "\(behind)"], in: folder)
        try await dashboard.waitUntilReady { Loopback.accepts("127.0.0.1", port: behind) }
        let guardFolder = try TemporaryFolder("dashboard-proxy")
        defer { guardFolder.remove() }
        let guardian = try await proxy.start(
            port: port, before: behind, asking: service.url, .dashboard(operation: "service.view", collection: "/prod"),
            in: guardFolder)
        for (login, path, headers, status) in [
            ("elton", "/index.html", [], 200), ("frida", "/index.html", [], 403), ("", "/index.html", [], 401),
            ("elton:wrong", "/index.html", [], 401),
            // What a client says of the question, and of who it is, means nothing.
            ("elton", "/index.html", ["X-Portreeve-User: root"], 200),
            ("frida", "/index.html?operation=service.view&collection=/Shared/Private/frida", [], 403),
            (
                "frida", "/index.html",
                ["X-Portreeve-Collection: /Shared/Private/frida", "X-Portreeve-Operation: service.view"], 403
            ),
            ("elton", "/none.html", [], 404), ("elton", "/", [], 200), ("frida", "/", [], 403),
            ("frida", "/?operation=service.view&collection=/Shared/Private/frida", [], 403),
        ] as [(String, String, [String], Int)] {
            let login =
                login.isEmpty || login.contains(":") ? login : "\(login):\(PortreeveInstallation.password(of: login))"
            let outcome = try await Program.run(
                ["curl", "-s", "-o", folder.path("answer"), "-w", "%{http_code}"]
                    + (login.isEmpty ? [] : ["-u", login]) + headers.flatMap { ["-H", $0] }
                    + ["http://127.0.0.1:\(port)\(path)"], in: folder.root)
            #expect(outcome.output == "\(status)", "\(proxy) \(login) \(path): \(outcome.output)")
            if status == 200 {
                #expect(try String(contentsOfFile: folder.path("answer"), encoding: .utf8) == "elton")
            }
        }
        try await guardian.stop()
        try await dashboard.stop()
        try await service.remove()
    }
}
