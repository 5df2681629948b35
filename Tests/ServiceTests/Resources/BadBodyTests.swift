import Foundation
import TestSupport
import Testing

/// What may be wrong with a body, for every operation that takes one.
@Suite struct BadBodyTests {
    private static let examples = ExampleRequest.all.filter { $0.operation?.body != nil }

    @Test func `every operation with a body has an example of all that it may have`() throws {
        let operations = APIDocument.shared.operations.filter { $0.body != nil }
        for operation in operations {
            let example = try #require(
                Self.examples.first { $0.operation?.name == operation.name },
                "add a request to ExampleRequest for \(operation.name)")
            let members = Set((example.body?.members ?? [:]).keys)
            #expect(Set(operation.bodyMembers).subtracting(members) == [], "not in the example of \(operation.name)")
        }
        #expect(Set(Self.examples.compactMap { $0.operation?.name }).count == operations.count)
    }

    @Test(arguments: examples)
    func `the example is taken, and one with a member too many is not`(_ example: ExampleRequest) async throws {
        try await ExampleRequest.run { service async throws in
            let (path, body) = try await example.filled(service)
            var members = body?.members ?? [:]
            members["colour"] = "red"
            let answer = try await send(example.method, path, .object(members), to: service)
            if path.hasPrefix("/access/") {
                // AuthZEN 1.0 section 10.1: "MUST ignore unknown".
                #expect(answer.status == 200, "\(answer.text)")
            } else {
                expectProblem(answer, 400, code: "invalid")
                #expect(answer.json["field"] == "colour")
                #expect(answer.json["detail"]?.string?.contains("there is no such member") == true)
            }
            let taken = try await send(example.method, path, body ?? .null, to: service)
            #expect((200..<300).contains(taken.status), "\(taken.text)")
        }
    }

    @Test(arguments: examples)
    func `a member of the wrong kind is refused and named`(_ example: ExampleRequest) async throws {
        try await ExampleRequest.run { service async throws in
            let (path, body) = try await example.filled(service)
            for (name, value) in body?.members ?? [:] where value != .null {
                for wrong in [42, true, "x", ["a"], ["a": 1]] as [JSONValue] where !wrong.isSameKind(as: value) {
                    var members = body?.members ?? [:]
                    members[name] = wrong
                    let answer = try await send(example.method, path, .object(members), to: service)
                    expectProblem(answer, 400, code: "invalid")
                    let field = answer.json["field"]?.string ?? ""
                    #expect(field.split { ".[".contains($0) }.first == Substring(name), "\(name): \(answer.text)")
                }
            }
        }
    }

    @Test(arguments: examples)
    func `what is not a JSON object, or not I-JSON, is refused`(_ example: ExampleRequest) async throws {
        try await ExampleRequest.run { service async throws in
            let (path, body) = try await example.filled(service)
            let text = try #require(try body?.text)
            let name = try #require(body?.members.keys.min())
            var bytes = ["", "{", "[]", "null", "\"x\"", "42", "{\"name\":}", "\u{0}"].map { Data($0.utf8) }
            bytes.append(Data((text + "{}").utf8))
            // A comma behind the last member, and a member twice.
            bytes.append(Data((text.dropLast() + ",}").utf8))
            bytes.append(Data((text.dropLast() + ",\"\(name)\":null}").utf8))
            bytes.append(try #require(text.data(using: .utf16)))
            bytes.append(Data([0x7B, 0x22, 0xFF, 0xFE, 0x22, 0x3A, 0x31, 0x7D]))
            for bytes in bytes {
                let answer = try await send(example.method, path, bytes: bytes, to: service)
                expectProblem(answer, 400, code: "invalid")
            }
        }
    }

    @Test(arguments: examples)
    func `a text may be as long as the document says, in characters of every kind`(_ example: ExampleRequest)
        async throws
    {
        let operation = try #require(example.operation)
        // Names have one kind of character, and a length with what is before them.
        for (name, schema) in operation.bodyProperties where !["name", "namespace", "owner", "parent"].contains(name) {
            guard let most = schema["maxLength"]?.integer else { continue }
            for (letter, end) in [("ü", ""), ("👍", ""), ("ü", "@example.com")] {
                let text = String(repeating: letter, count: Int(most) - end.count) + end
                guard operation.allows(.string(text), as: name) else { continue }
                try await ExampleRequest.run { service async throws in
                    let (path, body) = try await example.filled(service)
                    var members = body?.members ?? [:]
                    members[name] = .string(letter + text)
                    let refused = try await send(example.method, path, .object(members), to: service)
                    expectProblem(refused, 400, code: "invalid")
                    #expect(refused.json["field"]?.string == name)
                    members[name] = .string(text)
                    let taken = try await send(example.method, path, .object(members), to: service)
                    #expect((200..<300).contains(taken.status), "\(name): \(taken.text)")
                }
            }
        }
    }

    @Test(arguments: examples)
    func `null counts as absent, and the document says so`(_ example: ExampleRequest) async throws {
        let operation = try #require(example.operation)
        // What is there only for some callers, or here or as a parameter.
        let others = ["PUT /v1/users/{user}/password old_password", "POST /v1/repositories namespace"]
        // AuthZEN has no null, and it is taken for what is absent.
        guard !operation.template.hasPrefix("/access/") else { return }
        for name in operation.bodyMembers where !others.contains("\(operation.name) \(name)") {
            let isRequired = operation.requiredMembers.contains(name)
            #expect(operation.allows(.null, as: name) != isRequired, "\(operation.name): \(name)")
            guard !isRequired else { continue }
            try await ExampleRequest.run { service async throws in
                let (path, body) = try await example.filled(service)
                var members = body?.members ?? [:]
                members[name] = .null
                let answer = try await send(example.method, path, .object(members), to: service)
                #expect(answer.status != 400 || answer.json["field"]?.string != name, "\(answer.text)")
            }
        }
    }

    @Test(arguments: examples)
    func `another content type and too much are refused`(_ example: ExampleRequest) async throws {
        try await ExampleRequest.run { service async throws in
            let (path, body) = try await example.filled(service)
            let bytes = Data((try body?.text ?? "").utf8)
            for type in ["text/plain", "application/x-www-form-urlencoded", "application/xml", ""] {
                let answer = try await send(example.method, path, bytes: bytes, type: type, to: service)
                // AuthZEN 1.0 section 10.1 has 400 for all that is wrong with a request.
                let isAuthZEN = path.hasPrefix("/access/")
                expectProblem(answer, isAuthZEN ? 400 : 415, code: isAuthZEN ? "invalid" : "wrong-type")
            }
            let much = Data("{\"x\":\"".utf8) + Data(repeating: 0x61, count: 1 << 20) + Data("\"}".utf8)
            for length in [nil, much.count] {
                let answer = try await send(example.method, path, bytes: much, length: length, to: service)
                expectProblem(answer, 413, code: "too-large")
            }
        }
    }

    private func send(
        _ method: String, _ path: String, _ body: JSONValue, to service: TestService
    ) async throws -> TestAnswer {
        try await send(method, path, bytes: Data(try body.text.utf8), to: service)
    }

    private func send(
        _ method: String, _ path: String, bytes: Data, type: String = "application/json", length: Int? = nil,
        to service: TestService
    ) async throws -> TestAnswer {
        var headers = type.isEmpty ? [:] : ["Content-Type": type]
        if let length { headers["Content-Length"] = "\(length)" }
        // Only a token can be the one of the request.
        let isOfToken = path.hasPrefix("/v1/tokens/current")
        let credential =
            isOfToken
            ? Credential.bearer(try await service.newToken(for: "root", may: [.rotate])) : ExampleRequest.credential
        return try await service.send(method, path, bytes: bytes, as: credential, headers: headers)
    }
}

extension JSONValue {
    fileprivate func isSameKind(as other: JSONValue) -> Bool {
        switch (self, other) {
        case (.bool, .bool), (.integer, .integer), (.string, .string), (.array, .array), (.object, .object): true
        default: false
        }
    }
}
