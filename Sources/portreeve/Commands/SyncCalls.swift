import StrictJSON
import Wording

/// The requests about synchronisations.
struct SyncCalls {
    let api: APIClient

    /// Starts one and waits for its end.
    /// - Parameter readsAll: reads the whole directory, also where it could say what has changed.
    func start(_ directory: String, mode: String, readsAll: Bool) async throws -> JSONValue {
        let progress = ProgressLine("Reading \(directory)")
        defer { progress.end() }
        let body: JSONValue = readsAll ? ["mode": .string(mode), "reading": "full"] : ["mode": .string(mode)]
        var request = APIRequest("POST", APIPath.make("v1", "directories", directory, "sync-runs"), body).long
        request.reportsEntries = { progress.show($0, "entries") }
        var run = try await api.json(request)
        while run["state"].string == "running" {
            try await Task.sleep(for: .seconds(1))
            run = try await api.get(path(run["id"].text))
        }
        return try await withPlan(run)
    }

    func show(_ id: String) async throws -> JSONValue {
        try await withPlan(try await api.get(path(id)), of: ["planned", "held", "applied", "lapsed", "cancelled"])
    }

    /// - Parameter verb: `apply`, `approve` or `cancel`.
    func decide(_ id: String, _ verb: String) async throws -> JSONValue {
        try await withPlan(try await api.json(APIRequest("POST", path(id, verb)).long))
    }

    /// Whoever knows a run need not know its directory: `-` stands for any.
    private func path(_ id: String, _ below: String? = nil) -> String {
        APIPath.make("v1", "directories", "-", "sync-runs", id) + (below.map { "/" + $0 } ?? "")
    }

    /// The plan is kept beside the run where it is large.
    private func withPlan(
        _ run: JSONValue, of states: Set<String> = ["planned", "held"]
    ) async throws -> JSONValue {
        guard case .object(var members) = run, run["plan"].isNull, states.contains(run["state"].text),
            !run["counts"].isNull
        else {
            return run
        }
        members.append(.init(name: "plan", value: try await api.get(path(run["id"].text, "plan"))))
        return .object(members.filter { $0.name != "plan" || !$0.value.isNull })
    }
}
