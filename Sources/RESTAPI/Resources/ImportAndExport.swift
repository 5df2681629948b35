import AccessControl
import Foundation
import HTTPSupport
import Hummingbird
import NIOCore

extension RESTAPI {
    func addImportAndExport(to routes: Routes) {
        routes.post("import") { request, context in
            try request.requireContentType("application/x-ndjson")
            // A body this large is taken from nobody who may not import it.
            try service.require(.administer, of: context.caller, to: "import")
            let text = try await request.bytes(upTo: 1 << 30)
            let command = ImportLines(text: text) { done in context.progress.imported(done, text.count) }
            if try request.flag("dry_run") { return try await rehearse(command, as: context.caller) }
            let done = try await service.perform(command, as: context.caller)
            let body: JSON = [
                "lines": .number(Int64(done.value.lines)), "changes": .number(Int64(done.value.changes)),
                "revision": .number(done.revision),
            ]
            return body.response(headers: [.revision: String(done.revision)])
        }
        routes.get("export") { _, context in
            let lines = try await service.ask(ExportLines(), as: context.caller)
            return Response(
                status: .ok, headers: [.contentType: "application/x-ndjson"],
                body: .init(byteBuffer: ByteBuffer(bytes: lines)))
        }
    }
}
