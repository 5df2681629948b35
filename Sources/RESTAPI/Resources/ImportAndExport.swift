import AccessControl
import AccessModel
import Foundation
import HTTPSupport
import Hummingbird
import NIOCore
import StrictJSON

extension RESTAPI {
    func addImportAndExport(to routes: Routes) {
        routes.post("import", accepting: ["dry_run", "org"]) { request, context in
            try request.requireContentType("application/x-ndjson")
            let organization = try await accountName("org", in: request, context)
            // A body this large is taken from nobody who may not import it.
            var right = ManagementRight.administer
            if let organization {
                guard let id = service.transactions.published.current.accountID(named: organization) else {
                    throw AccessError.notFound(kind: "organisation", name: organization.rawValue)
                }
                right = .manageOrganization(id)
            }
            let doing =
                organization == nil
                ? "import everything: an owner imports into their organisation, by its name (--org, ?org=)" : "import"
            try service.transactions.require(right, of: context.caller, to: doing)
            context.allow(RequestTime.importLimit)
            let text = try await request.bytes(upTo: organization == nil ? 1 << 30 : 1 << 26)
            let command = ImportLines(text: text, organization: organization) { done in
                context.progress.imported(done, text.count)
            }
            if try request.flag("dry_run") {
                return try await rehearse(command, context)
            }
            let done = try await context.whileClientWaits {
                try await service.transactions.perform(command, as: context.caller)
            }
            let body: JSONValue = [
                "lines": JSONValue(Int64(done.value.lines)), "changes": JSONValue(Int64(done.value.changes)),
                "ended": JSONValue(Int64(done.value.ended)), "revision": JSONValue(done.revision),
            ]
            return body.response(headers: [.revision: String(done.revision)])
        }
        routes.get("export", accepting: ["org"]) { request, context in
            let organization = try await accountName("org", in: request, context)
            let (lines, revision) = try await context.whileClientWaits {
                try await service.transactions.export(organization, as: context.caller)
            }
            return Response(
                status: .ok,
                headers: [
                    .contentType: "application/x-ndjson", .cacheControl: "no-store", .revision: String(revision),
                ],
                body: ResponseBody { writer in
                    // In pieces: one buffer holds no more than 4 GiB.
                    for start in stride(from: 0, to: lines.count, by: 1 << 20) {
                        try await writer.write(ByteBuffer(bytes: lines[start..<min(start + 1 << 20, lines.count)]))
                    }
                    try await writer.finish(nil)
                })
        }
    }
}
