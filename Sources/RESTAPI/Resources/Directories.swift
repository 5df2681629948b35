import AccessControl
import AccessModel
import HTTPSupport
import Hummingbird

extension RESTAPI {
    func addDirectories(to routes: Routes) {
        routes.get("directories") { _, context in
            let found = try await service.ask(ListDirectories(), as: context.caller)
            return ["items": .array(try found.map { try JSON(directory: $0.value, revision: $0.revision) })] as JSON
        }
        routes.get("directories/{directory}") { _, context in
            let found = try await service.ask(GetDirectory(name: context.parameter("directory")), as: context.caller)
            return try JSON(directory: found.value, revision: found.revision).resource(found.revision)
        }
        routes.put("directories/{directory}") { request, context in
            let name = try context.parameter("directory")
            try request.refuseDryRun()
            let input = try await request.json(DirectoryInput.self)
            let done = try await service.putDirectory(name, input, ifMatch: request.ifMatch(), as: context.caller)
            return try JSON(directory: done.value.value, revision: done.value.revision)
                .resource(done.value.revision, status: done.value.isNew ? .created : .ok, written: done.revision)
        }
        routes.delete("directories/{directory}") { request, context in
            let command = DeleteDirectory(name: try context.parameter("directory"), ifMatch: try request.ifMatch())
            return try await delete(command, request, context)
        }
    }

    func addSyncRuns(to routes: Routes) {
        routes.get("directories/{directory}/sync-runs") { request, context in
            let limit = try request.number("limit", in: 1...1_000) ?? 20
            let runs = try await service.syncRuns(of: context.parameter("directory"), limit: limit, as: context.caller)
            return ["items": .array(try runs.map { try JSON(summary: $0) })] as JSON
        }
        routes.post("directories/{directory}/sync-runs") { request, context in
            try request.refuseDryRun()
            let mode = try await request.json(SyncRunBody.self).mode
            let run = try await service.synchronize(
                context.parameter("directory"), mode: mode, as: context.caller,
                progress: context.progress.read)
            return try JSON(encoding: run).response(status: .created, headers: run.revisionHeader)
        }
        routes.get("directories/{directory}/sync-runs/{run}") { _, context in
            try JSON(encoding: try await run(context))
        }
        routes.get("directories/{directory}/sync-runs/{run}/plan") { _, context in
            let run = try await run(context)
            guard let plan = run.plan else { throw AccessError.notFound(kind: "plan", name: run.id) }
            return try JSON(encoding: plan)
        }
        routes.post("directories/{directory}/sync-runs/{run}/apply") { request, context in
            try request.refuseDryRun()
            let run = try await service.applyPlan(of: run(context).id, as: context.caller)
            return try JSON(encoding: run).response(headers: run.revisionHeader)
        }
        routes.post("directories/{directory}/sync-runs/{run}/approve") { request, context in
            try request.refuseDryRun()
            let run = try await service.approve(run(context).id, as: context.caller)
            return try JSON(encoding: run).response(headers: run.revisionHeader)
        }
        routes.post("directories/{directory}/sync-runs/{run}/cancel") { request, context in
            try request.refuseDryRun()
            return try JSON(encoding: try await service.cancel(run(context).id, as: context.caller))
        }
    }

    private func run(_ context: AuthenticatedContext) async throws -> SyncRun {
        let (directory, id) = (try context.parameter("directory"), try context.parameter("run"))
        let run = try await service.syncRun(id, as: context.caller)
        // A run belongs to its directory; `-` stands for any, for those who know only the run.
        guard run.directory == directory || directory == "-" else {
            throw AccessError.notFound(kind: "synchronisation", name: id)
        }
        return run
    }
}

private struct SyncRunBody: Decodable {
    let mode: SyncRun.Mode

    init(from decoder: any Decoder) throws {
        let body = try StrictContainer(decoder)
        mode = try body.optional(SyncRun.Mode.self, "mode") ?? .run
        try body.refuseUnread()
    }
}

extension SyncRun {
    fileprivate var revisionHeader: HTTPFields { revision.map { [.revision: String($0)] } ?? [:] }
}

extension JSON {
    fileprivate init(directory view: DirectoryView, revision: Revision) throws {
        self = [
            "name": .string(view.directory.name), "settings": try JSON(encoding: view.directory.settings),
            "has_password": .bool(view.hasPassword), "revision": .number(revision),
        ]
    }

    /// A run without its plan.
    fileprivate init(summary run: SyncRun) throws {
        var short = run
        short.plan = nil
        short.held = []
        self = try JSON(encoding: short)
    }
}
