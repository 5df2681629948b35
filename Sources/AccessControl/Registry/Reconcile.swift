public import AccessModel

/// What a registry holds, compared with what is known here.
public struct Reconciliation: Hashable, Sendable {
    /// How many repositories the registry lists.
    public var listed = 0
    /// In the registry, and not known here: nobody but an administrator gets at them. They are not made by
    /// themselves, as they may be what was deleted or moved.
    public var unknown: [String] = []
    /// Known here, and without a tag in the registry.
    public var empty: [RepositoryPath] = []
    /// Could not be compared; with the reason.
    public var failed: [String] = []
    public var tagsAdded = 0
    public var tagsRemoved = 0
}

extension ContainerRegistry {
    /// Brings what is known of a registry in step with its catalogue: notifications get lost while one of the two
    /// is down.
    /// - Parameter dryRun: compare, and change nothing.
    public func reconcile(dryRun: Bool, as caller: Caller) async throws(AccessError) -> Reconciliation {
        try transactions.require(.administer, of: caller, to: "compare with the registry")
        guard let client else {
            throw .conflict(code: .noRegistry, detail: "set registry.url to the address of the registry, and restart")
        }
        // What is pushed from now on may not be in the list, and a registry's clock may be slow.
        let began = clock.now + .seconds(-60)
        let names: [String]
        do throws(RegistryClientError) {
            names = try await client.repositories(
                try ownToken(RegistryAccess(type: "registry", name: "catalog", actions: ["*"])))
        } catch {
            throw .conflict(code: .registryUnreachable, detail: "the registry could not be asked: \(error)")
        }
        var result = Reconciliation()
        result.listed = names.count
        var seen: Set<RepositoryPath> = []
        for name in names {
            guard let path = try? RepositoryPath(name), let id = published.current.repositoryID(at: path) else {
                result.unknown.append(name)
                continue
            }
            seen.insert(path)
            do throws(RegistryClientError) {
                let listed = try await client.tags(of: name, try ownToken(pulling(path)))
                if listed.isEmpty { result.empty.append(path) }
                try await compare(listed, of: id, pushedBefore: began, dryRun, &result) {
                    tag throws(RegistryClientError) in
                    try await client.digest(of: tag, in: name, try ownToken(pulling(path)))
                }
            } catch {
                result.failed.append("\(name): \(error)")
            }
        }
        for path in published.current.viewableRepositories(for: Actor.service, in: nil, at: clock.now)
        where !seen.contains(path) {
            guard let id = published.current.repositoryID(at: path) else { continue }
            result.empty.append(path)
            do throws(RegistryClientError) {
                try await compare([], of: id, pushedBefore: began, dryRun, &result) { _ in nil }
            } catch {
                result.failed.append("\(path): \(error)")
            }
        }
        return result
    }

    private func pulling(_ path: RepositoryPath) -> RegistryAccess {
        RegistryAccess(type: "repository", name: path.description, actions: ["pull"])
    }

    /// A new one for each request: comparing takes longer than one lives.
    private func ownToken(_ access: RegistryAccess) throws(RegistryClientError) -> String {
        do { return try ownRegistryToken(access) } catch { throw RegistryClientError("\(error)") }
    }

    private func compare(
        _ tags: [String], of id: RepositoryID, pushedBefore began: Timestamp, _ dryRun: Bool,
        _ result: inout Reconciliation, digest: (String) async throws(RegistryClientError) -> String?
    ) async throws(RegistryClientError) {
        do {
            let known = try await store.read { (reader) throws(AccessError) in try reader.tags(of: id) }
            let (names, listed) = (Set(known.map(\.name)), Set(tags))
            let gone = known.filter { !listed.contains($0.name) && $0.push.time < began }.map(\.name)
            result.tagsRemoved += gone.count
            var added: [KnownTag] = []
            for tag in tags where !names.contains(tag) {
                guard let digest = try await digest(tag) else { continue }
                let push = RepositoryUse.Mark(time: began, by: "unknown")
                added.append(KnownTag(name: tag, digest: digest, push: push))
            }
            result.tagsAdded += added.count
            guard !dryRun, !(gone.isEmpty && added.isEmpty) else { return }
            try await store.writeAside { [added] (writer) throws(AccessError) in
                for tag in gone { try writer.delete(.tag(tag), of: id, pushedBefore: began) }
                guard try writer.repository(id) != nil else { return }
                for tag in added { try writer.upsert(tag, of: id) }
            }
        } catch let error as RegistryClientError {
            throw error
        } catch {
            throw RegistryClientError("\(error)")
        }
    }
}
