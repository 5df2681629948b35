import AccessControl
import Foundation
import TestSupport
import Testing

/// `/metrics`, after things have happened.
@Suite(.timeLimit(.minutes(5)))
struct FiguresTests {
    private static let world: [SeedLine] = [
        .user("root", admin: true), .user("mia"), .org("acme"), .repository("acme/web"),
        .grant("mia", "acme/web", .readOnly),
    ]

    @Test func `what happened is counted by its outcome`() async throws {
        try await TestService.run(Self.world) { service async throws in
            let before = try await figures(service)
            _ = try await service.get("/v1/users/mia", as: .basic(login: "mia", secret: "wrong"))
            _ = try await service.get("/v1/users/mia", as: "mia")
            _ = try await service.get("/v1/nothing-here", as: "mia")
            _ = try await service.send("BREW", "/v1/users/mia", as: "mia")
            for action in ["pull", "push", "push"] {
                _ = try await service.post(
                    "/access/v1/evaluation",
                    [
                        "subject": ["type": "user", "id": "mia"], "action": ["name": .string(action)],
                        "resource": ["type": "repository", "id": "acme/web"],
                    ], as: "mia")
            }
            for scope in ["repository:acme/web:pull", "repository:acme/web:pull,push"] {
                let answer = try await service.get("/token?service=registry&scope=\(scope)", as: "mia")
                #expect(answer.status == 200)
            }
            let after = try await figures(service)
            let expected: [(String, Double)] = [
                (#"portreeve_logins_total{kind="password",outcome="refused"}"#, 1),
                (#"portreeve_decisions_total{outcome="allowed"}"#, 1),
                (#"portreeve_decisions_total{outcome="denied"}"#, 2),
                (#"portreeve_registry_tokens_total{outcome="whole"}"#, 1),
                (#"portreeve_registry_tokens_total{outcome="reduced"}"#, 1),
                (#"portreeve_http_requests_total{method="GET",route="/v1/users/{user}",status="401"}"#, 1),
                (#"portreeve_http_requests_total{method="GET",route="/v1/users/{user}",status="200"}"#, 1),
                (#"portreeve_http_requests_total{method="POST",route="/access/v1/evaluation",status="200"}"#, 3),
                (#"portreeve_http_requests_total{method="GET",route="NotFound",status="404"}"#, 1),
                (#"portreeve_http_requests_total{method="other",route="NotFound",status="405"}"#, 1),
                (#"portreeve_http_request_duration_seconds_count{route="/token"}"#, 2),
                (#"portreeve_http_request_duration_seconds_bucket{route="/token",le="+Inf"}"#, 2),
            ]
            for (name, count) in expected {
                #expect(after[name, default: 0] - before[name, default: 0] == count, "\(name)")
            }
            #expect(after["portreeve_revision"] == after["portreeve_stored_revision"])
            for name in [
                "portreeve_followers", "portreeve_password_queue", "process_resident_memory_bytes", "process_open_fds",
                "process_max_fds", "process_cpu_seconds_total", "process_start_time_seconds",
                "portreeve_store_write_wait_seconds_count",
            ] {
                #expect(after[name] != nil, "\(name)")
            }
        }
    }

    @Test func `what can be counted is there from the start, and the start of the process stays`() async throws {
        try await TestService.run(Self.world) { service async throws in
            let first = try await figures(service)
            for name in [
                #"portreeve_logins_total{kind="password",outcome="unavailable"}"#,
                #"portreeve_decisions_total{outcome="denied"}"#, #"portreeve_registry_tokens_total{outcome="empty"}"#,
            ] {
                #expect(first[name] == 0, "\(name)")
            }
            let start = try #require(first["process_start_time_seconds"])
            for _ in 1...20 { #expect(try await figures(service)["process_start_time_seconds"] == start) }
            #expect(start > 1_600_000_000 && start <= Date().timeIntervalSince1970)
        }
    }

    @Test func `the buckets of a histogram add up`() async throws {
        try await TestService.run(Self.world) { service async throws in
            for _ in 1...20 { _ = try await service.get("/v1/users/mia", as: "mia") }
            let text = try await service.get("/metrics", as: "root").text
            let buckets = text.split(separator: "\n").filter {
                $0.hasPrefix(#"portreeve_http_request_duration_seconds_bucket{route="/v1/users/{user}""#)
            }.compactMap { Double($0.split(separator: " ").last ?? "") }
            #expect(buckets.count == 14)
            #expect(buckets == buckets.sorted())
            #expect(buckets.last == 20)
        }
    }

    @Test func `alerts and dashboard name figures that there are, and their tests pass`() async throws {
        let counted = Figures.Counter.allCases.map(\.rawValue) + Figures.Histogram.allCases.map(\.rawValue)
        let source =
            try String(contentsOfFile: Checkout.path("Sources/Server/MetricsText.swift"), encoding: .utf8)
            + String(contentsOfFile: Checkout.path("Sources/Server/StatusRoutes.swift"), encoding: .utf8)
        let gauges = source.matches(of: #/"((?:portreeve|process)_[a-z_]+)"/#).map { String($0.output.1) }
        let names = (counted + gauges).joined(separator: "\n")
        try await Program.run([Checkout.path("Scripts/check-monitoring")], input: names).required()
    }

    @Test func `the figures are in the form that Prometheus reads`() async throws {
        try await TestService.run(Self.world) { service async throws in
            _ = try await service.get("/v1/users/mia", as: "mia")
            let text = try await service.get("/metrics", as: "root").text
            try await Program.run(["promtool", "check", "metrics"], input: text).required()
        }
    }

    /// By name with labels.
    private func figures(_ service: TestService) async throws -> [String: Double] {
        let answer = try await service.get("/metrics", as: "root")
        #expect(answer.status == 200)
        let lines = answer.text.split(separator: "\n").filter { !$0.hasPrefix("#") }
        return Dictionary(
            uniqueKeysWithValues: lines.map { line in
                let parts = line.split(separator: " ")
                return (parts.dropLast().joined(separator: " "), parts.last.flatMap { Double($0) } ?? .nan)
            })
    }
}
