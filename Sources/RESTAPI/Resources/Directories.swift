import AccessControl
import AccessModel
import HTTPSupport
import Hummingbird
import StrictJSON

extension RESTAPI {
    func addDirectories(to routes: Routes) {
        routes.get("directories") { _, context in
            let found = try await service.transactions.ask(ListDirectories(), as: context.caller)
            return ["items": .array(try found.map { try JSONValue(directory: $0.value, revision: $0.revision) })]
                as JSONValue
        }
        routes.get("directories/{directory}") { _, context in
            let found = try await service.transactions.ask(
                GetDirectory(name: context.parameter("directory")), as: context.caller)
            return try JSONValue(directory: found.value, revision: found.revision).resource(found.revision)
        }
        routes.put("directories/{directory}") { request, context in
            let name = try context.parameter("directory")
            // Ten thousand rules are a megabyte, which is decoded for nobody who may not put them.
            try service.transactions.require(.administer, of: context.caller, to: "manage directories")
            let input = try await request.json(DirectoryInput.self, upTo: 1 << 20)
            let done = try await service.synchronization.putDirectory(
                name, input, condition: request.precondition(), as: context.caller)
            return try JSONValue(directory: done.value.value, revision: done.value.revision)
                .resource(done.value.revision, status: done.value.isNew ? .created : .ok, written: done.revision)
        }
        routes.delete("directories/{directory}", accepting: .dryRun) { request, context in
            let command = DeleteDirectory(
                name: try context.parameter("directory"), condition: try request.precondition())
            return try await delete(command, request, context)
        }
        routes.post("directories/{directory}/test") { request, context in
            let login = try await request.json(DirectoryCheckupBody.self).login
            let steps = try await service.synchronization.checkUpDirectory(
                context.parameter("directory"), login: login, as: context.caller)
            return ["steps": try JSONValue(encoding: steps)] as JSONValue
        }
    }

    func addDirectoryLinks(to routes: Routes) {
        routes.put("users/{user}/directory", accepting: .dryRun) { request, context in
            let body = try await request.json(DirectoryLinkBody.self)
            let command = LinkUser(
                name: try context.accountName("user", kind: "user"), directory: body.directory,
                externalID: body.externalID, condition: try request.precondition())
            if try request.flag("dry_run") { return try await rehearse(command, context) }
            let user = try await service.transactions.perform(command, as: context.caller)
            return JSONValue(user: user.value).resource(user.value.revision, written: user.revision)
        }
        routes.delete("users/{user}/directory", accepting: .dryRun) { request, context in
            let command = UnlinkUser(
                name: try context.accountName("user", kind: "user"), condition: try request.precondition())
            if try request.flag("dry_run") { return try await rehearse(command, context) }
            let user = try await service.transactions.perform(command, as: context.caller)
            return JSONValue(user: user.value).resource(user.value.revision, written: user.revision)
        }
    }

    func addSyncRuns(to routes: Routes) {
        routes.get("directories/{directory}/sync-runs", accepting: ["limit"]) { request, context in
            let limit = try request.number("limit", in: 1...1_000) ?? 20
            let runs = try await service.synchronization.syncRuns(
                of: context.parameter("directory"), limit: limit, as: context.caller)
            return ["items": .array(try runs.map { try shown($0, isShort: true) })] as JSONValue
        }
        routes.post("directories/{directory}/sync-runs") { request, context in
            let body = try await request.json(SyncRunBody.self)
            let run = try await service.synchronization.synchronize(
                context.parameter("directory"), mode: body.mode, extent: body.reading, as: context.caller,
                progress: context.progress.read)
            var headers = run.revisionHeader
            headers[.location] = "/v1/directories/\(run.directory)/sync-runs/\(run.id)"
            return try shown(run).response(status: .created, headers: headers)
        }
        routes.get("directories/{directory}/sync-runs/{run}") { _, context in
            try shown(try await run(context))
        }
        routes.get("directories/{directory}/sync-runs/{run}/plan") { _, context in
            let run = try await run(context)
            guard let plan = run.plan else { throw AccessError.notFound(kind: "plan", name: run.id) }
            return try JSONValue(encoding: plan)
        }
        routes.post("directories/{directory}/sync-runs/{run}/apply") { request, context in
            let run = try await service.synchronization.applyPlan(of: run(context).id, as: context.caller)
            return try shown(run).response(headers: run.revisionHeader)
        }
        routes.post("directories/{directory}/sync-runs/{run}/approve") { request, context in
            let run = try await service.synchronization.approve(run(context).id, as: context.caller)
            return try shown(run).response(headers: run.revisionHeader)
        }
        routes.post("directories/{directory}/sync-runs/{run}/cancel") { request, context in
            return try shown(try await service.synchronization.cancel(run(context).id, as: context.caller))
        }
    }

    /// A run, without its plan where that is large: `…/plan` has it. `names` has what the actor is called today.
    /// - Parameter isShort: without a plan and what is held.
    private func shown(_ run: SyncRun, isShort: Bool = false) throws -> JSONValue {
        var run = run
        if isShort || (run.plan?.changes.count ?? 0) > 1_000 { run.plan = nil }
        if isShort { run.held = [] }
        var members = try JSONValue(encoding: run).members
        let actor = Actor(text: run.actor)
        let name = actor.flatMap { service.transactions.published.current.principal(of: $0)?.description }
        var names: [JSONValue.Member] = []
        if let name, let id = actor?.factKey?.first { names.append(JSONValue.Member(name: id, value: .string(name))) }
        members.append(JSONValue.Member(name: "names", value: .object(names)))
        return .object(members)
    }

    private func run(_ context: AuthenticatedContext) async throws -> SyncRun {
        let (directory, id) = (try context.parameter("directory"), try context.parameter("run"))
        let run = try await service.synchronization.syncRun(id, as: context.caller)
        // A run belongs to its directory; `-` stands for any, for those who know only the run.
        guard run.directory == directory || directory == "-" else {
            throw AccessError.notFound(kind: "synchronisation", name: id)
        }
        return run
    }
}

private struct SyncRunBody: JSONReadable {
    let mode: SyncRun.Mode
    let reading: SyncRun.Extent?

    init(json: JSONValue) throws(JSONError) {
        var body = try JSONMembers(json)
        mode = try body.optional(SyncRun.Mode.self, "mode") ?? .run
        reading = try body.optional(SyncRun.Extent.self, "reading")
        try body.refuseUnknown()
    }
}

private struct DirectoryCheckupBody: JSONReadable {
    let login: String?

    init(json: JSONValue) throws(JSONError) {
        var body = try JSONMembers(json)
        login = try body.optional(String.self, "user")
        try body.refuseUnknown()
    }
}

private struct DirectoryLinkBody: JSONReadable {
    let directory: String
    let externalID: String

    init(json: JSONValue) throws(JSONError) {
        var body = try JSONMembers(json)
        directory = try body.required(String.self, "directory")
        externalID = try body.required(String.self, "external_id")
        try body.refuseUnknown()
    }
}

extension SyncRun {
    fileprivate var revisionHeader: HTTPFields { revision.map { [.revision: String($0)] } ?? [:] }
}

extension JSONValue {
    fileprivate init(directory view: DirectoryView, revision: Revision) throws {
        self = [
            "name": .string(view.directory.name), "settings": try JSONValue(encoding: view.directory.settings),
            "has_password": .bool(view.hasPassword), "revision": JSONValue(revision),
        ]
    }
}
