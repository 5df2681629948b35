public import AccessModel

/// What a registry holds, compared with what is known here.
public struct Reconciliation: Hashable, Sendable {
    /// How many repositories the registry lists.
    public var listed = 0
    /// Made, as their namespaces have create-on-push on.
    public var created: [RepositoryPath] = []
    /// In the registry, and not known here: nobody but an administrator gets at them.
    public var unknown: [String] = []
    /// Known here, and without a tag in the registry.
    public var empty: [RepositoryPath] = []
    public var tagsAdded = 0
    public var tagsRemoved = 0
}

extension AccessService {
    /// Brings what is known of a registry in step with its catalogue: notifications get lost while one of the two
    /// is down.
    /// - Parameter dryRun: compare, and change nothing.
    public func reconcile(dryRun: Bool, as caller: Caller) async throws(AccessError) -> Reconciliation {
        try require(.administer, of: caller, to: "compare with the registry")
        guard let registryClient else {
            throw .conflict(code: "no-registry", detail: "set registry.url to the address of the registry, and restart")
        }
        do {
            var result = Reconciliation()
            let catalog = RegistryAccess(type: "registry", name: "catalog", actions: ["*"])
            let names = try await registryClient.repositories(try ownRegistryToken(catalog))
            result.listed = names.count
            var seen: Set<RepositoryPath> = []
            for name in names {
                guard let path = try? RepositoryPath(name), let id = try await known(path, dryRun, &result) else {
                    result.unknown.append(name)
                    continue
                }
                seen.insert(path)
                try await compareTags(of: path, id, with: registryClient, dryRun, &result)
            }
            for path in published.current.viewableRepositories(for: Actor.service, in: nil, at: clock.now)
            where !seen.contains(path) && !result.created.contains(path) {
                guard let id = published.current.repositoryID(at: path) else { continue }
                result.empty.append(path)
                try await compare([], of: id, dryRun, &result) { _ in nil }
            }
            return result
        } catch let error as RegistryClientError {
            throw .conflict(code: "registry-unreachable", detail: "the registry could not be asked: \(error)")
        } catch let error as AccessError {
            throw error
        } catch {
            throw .storage(.failed("\(error)"))
        }
    }

    /// The repository under a path; made, where a push would have made it. nil for what nobody may have here.
    private func known(
        _ path: RepositoryPath, _ dryRun: Bool, _ result: inout Reconciliation
    ) async throws(AccessError) -> RepositoryID? {
        if let id = published.current.repositoryID(at: path) { return id }
        let made = try await perform(MakeFound(path: path), as: .service, dryRun: dryRun).value
        if made != nil { result.created.append(path) }
        return made
    }

    private func compareTags(
        of path: RepositoryPath, _ id: RepositoryID, with registry: any RegistryClient, _ dryRun: Bool,
        _ result: inout Reconciliation
    ) async throws {
        let token = try ownRegistryToken(RegistryAccess(type: "repository", name: path.description, actions: ["pull"]))
        let tags = try await registry.tags(of: path.description, token)
        if tags.isEmpty { result.empty.append(path) }
        try await compare(tags, of: id, dryRun, &result) { tag in
            try await registry.digest(of: tag, in: path.description, token)
        }
    }

    private func compare(
        _ tags: [String], of id: RepositoryID, _ dryRun: Bool, _ result: inout Reconciliation,
        digest: (String) async throws -> String?
    ) async throws {
        let began = clock.now
        let known = try await store.read { (reader) throws(AccessError) in try reader.tags(of: id) }
        let names = Set(known.map(\.name))
        var added: [KnownTag] = []
        for tag in tags where !names.contains(tag) {
            guard let digest = try await digest(tag) else { continue }
            added.append(KnownTag(name: tag, digest: digest, push: RepositoryUse.Mark(time: began, by: "unknown")))
        }
        let gone = known.filter { !tags.contains($0.name) && $0.push.time < began }.map(\.name)
        result.tagsAdded += added.count
        result.tagsRemoved += gone.count
        guard !dryRun, !added.isEmpty || !gone.isEmpty else { return }
        let (new, old) = (added, gone)
        try await store.write(as: .service) { (writer) throws(AccessError) in
            guard try writer.repository(id) != nil else { return }
            for tag in new { try writer.keep(tag, of: id) }
            for tag in old { try writer.forget(tag, of: id) }
        }
    }
}

private struct MakeFound: Command {
    let path: RepositoryPath

    func perform(in context: WriteContext) throws(AccessError) -> RepositoryID? {
        guard let namespace = try context.row(ofAccount: path.namespace)?.value else { return nil }
        if let known = try context.writer.repository(named: path.name, in: namespace.id) { return known.value.id }
        guard namespace.createsRepositoriesOnPush else { return nil }
        return try context.makeRepository(path.name, in: namespace, reason: "found in the registry").repository.id
    }
}
