import AccessControl
import AccessModel
import Foundation
import HTTPSupport
import HTTPTypes
import Hummingbird
import NIOCore
import StrictJSON

extension RESTAPI {
    func addChanges(to routes: Routes) {
        routes.get(
            "changes",
            accepting: [
                "actor", "after", "before", "collection", "kind", "limit", "order", "since", "subject", "until",
            ]
        ) { request, context in
            let query = try ListChanges(request, subject: await accountName("subject", in: request, context))
            if request.acceptsEventStream { return try await stream(query, request, as: context.caller) }
            let entries = try await context.whileClientWaits {
                try await service.transactions.list(query, as: context.caller)
            }
            var headers: HTTPFields = [.vary: "Accept"]
            if entries.count == query.limit, let last = entries.last?.entry.revision {
                headers[.link] = request.next(behind: last, query.selection.order)
            }
            return JSONValue(members: [("items", .array(try entries.map { try JSONValue($0) }))])
                .response(headers: headers)
        }
        routes.get("verify", accepting: ["head"]) { request, context in
            let head = request.text("head")
            let result = try await context.whileClientWaits {
                try await service.transactions.verify(head: head, as: context.caller)
            }
            return [
                "ok": .bool(result.faults.isEmpty),
                "revision": JSONValue(service.transactions.published.current.revision),
                "changes": JSONValue(Int64(result.changes)),
                "facts": JSONValue(Int64(result.facts)), "head": .string(result.head),
                "faults": .array(result.faults.map(JSONValue.string)),
                "notes": .array(result.notes.map(JSONValue.string)),
            ] as JSONValue
        }
        routes.post("backup") { request, context in
            let body = try await request.json(BackupBody.self)
            let path = try await service.transactions.backup(to: body.path, withKeys: body.withKeys, as: context.caller)
            context.logger.notice("backup written", metadata: ["path": "\(path)"])
            return ["path": .string(path)] as JSONValue
        }
    }
}

extension RESTAPI {
    /// Server-sent events (WHATWG HTML, 9.2): the revision as the event's id, so that a client which comes
    /// back goes on behind the last one that it saw.
    private func stream(_ query: ListChanges, _ request: Request, as caller: Caller) async throws -> Response {
        var first = query
        if let last = request.headers[.lastEventID] {
            guard let revision = Revision(last), revision >= 0 else {
                throw AccessError.invalid(field: "Last-Event-ID", value: last, reason: "it is a revision")
            }
            first.selection.after = max(first.selection.after, revision)
        }
        // What is refused is refused with a status, before the stream begins.
        try await service.transactions.checkFollowing(first, as: caller)
        let (service, start) = (service, first)
        return Response(
            status: .ok, headers: [.contentType: "text/event-stream", .cacheControl: "no-store", .vary: "Accept"],
            body: ResponseBody { writer in
                try await writer.write(ByteBuffer(string: ": follows from revision \(start.selection.after)\n\n"))
                do {
                    try await service.transactions.follow(start, as: caller) { entries in
                        var text = entries.isEmpty ? ":\n\n" : ""
                        for entry in entries {
                            text +=
                                "id: \(entry.entry.revision)\nevent: change\ndata: \(try JSONValue(entry).serialized)\n\n"
                        }
                        try await writer.write(ByteBuffer(string: text))
                    }
                } catch let error as AccessError {
                    let told: JSONValue = ["code": .string(error.code.rawValue), "detail": .string(error.description)]
                    try await writer.write(ByteBuffer(string: "event: end\ndata: \(told.serialized)\n\n"))
                }
                try await writer.finish(nil)
            })
    }
}

extension ListChanges {
    /// What can be a number of a change.
    private static let revisions = 0...(Int.max >> 8)

    fileprivate init(_ request: Request, subject: AccountName?) throws(AccessError) {
        let selection = ChangeSelection(
            after: Revision(try request.number("after", in: Self.revisions) ?? 0),
            before: try request.number("before", in: Self.revisions).map { Revision($0) },
            kind: try request.word("kind", Fact.Kind.self),
            order: try request.word("order", ChangeSelection.Order.self) ?? .oldest)
        self.init(selection, limit: try request.number("limit", in: 1...1_000) ?? 100)
        self.subject = subject
        collection = try request.collectionPath("collection")
        actor = request.text("actor")
        since = try request.moment("since")
        until = try request.moment("until")
    }
}

extension Request {
    /// The link to what of the log comes behind a revision in an order.
    fileprivate func next(behind revision: Revision, _ order: ChangeSelection.Order) -> String {
        let place = order == .oldest ? "after" : "before"
        let others = uri.queryParameters.filter { $0.key != place }.map { name, value in
            "\(name)=\(value.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "")&"
        }
        return "<\(uri.path)?\(others.joined())\(place)=\(revision)>; rel=\"next\""
    }

    /// Whether the client names server-sent events, and not merely everything, and wants JSON no better (RFC 9110,
    /// 12.5.1).
    fileprivate var acceptsEventStream: Bool {
        var qualities: [String: Double] = [:]
        for range in (headers[.accept] ?? "").lowercased().split(separator: ",") {
            let parts = range.split(separator: ";").map { $0.filter { $0 != " " && $0 != "\t" } }
            guard let type = parts.first else { continue }
            qualities[type] = parts.dropFirst().first { $0.hasPrefix("q=") }.map { Double($0.dropFirst(2)) ?? 0 } ?? 1
        }
        guard let stream = qualities["text/event-stream"], stream > 0 else { return false }
        // The most specific range counts.
        let json = qualities["application/json"] ?? qualities["application/*"] ?? qualities["*/*"] ?? 0
        return stream >= json
    }
}

extension HTTPField.Name {
    fileprivate static let lastEventID = HTTPField.Name("Last-Event-ID") ?? .ifMatch
}

private struct BackupBody: JSONReadable {
    let path: String
    let withKeys: Bool

    init(json: JSONValue) throws(JSONError) {
        var body = try JSONMembers(json)
        path = try body.required(String.self, "path")
        withKeys = try body.optional(Bool.self, "with_keys") ?? false
        try body.refuseUnknown()
    }
}

extension JSONValue {
    fileprivate init(_ named: NamedChange) throws {
        let entry = named.entry
        let names = named.names.sorted { $0.key < $1.key }
        self = [
            "revision": JSONValue(entry.revision), "time": JSONValue(entry.time), "actor": .string(entry.actor),
            "reason": JSONValue(entry.reason), "kind": .string(entry.change.fact?.kind.rawValue ?? ""),
            "before": try entry.change.before.map(JSONValue.init(encoding:)) ?? .null,
            "after": try entry.change.after.map(JSONValue.init(encoding:)) ?? .null,
            "names": .object(names.map { Member(name: $0.key, value: .string($0.value)) }),
            "hash": .string(entry.hash),
        ]
    }

    init(encoding value: any Encodable) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        self = try JSONParser.parse(encoder.encode(value))
    }

    init(effect: Effect) {
        self = [
            "changes": .array(
                effect.changes.map { named in
                    let change = named.change
                    return [
                        "kind": .string(change.fact?.kind.rawValue ?? ""),
                        "effect": .string(change.before == nil ? "add" : change.after == nil ? "delete" : "change"),
                        "names": .string(named.names),
                    ]
                }),
            "access": .array(
                effect.access.map { difference in
                    [
                        "subject": ["type": .string(difference.principal.kind), "id": JSONValue(difference.principal)],
                        "repository": JSONValue(difference.repository),
                        "before": JSONValue(difference.before?.rawValue),
                        "after": JSONValue(difference.after?.rawValue),
                    ]
                }),
            "control": .array(effect.control.map { JSONValue(control: $0) }),
        ]
    }
}
