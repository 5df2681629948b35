import AccessModel

/// How long one synchronisation may ask its directory, whatever the questions are: a server that answers each of ten
/// thousand just in time would hold up all others for days.
package struct TimeForDirectory: Sendable {
    private let end: ContinuousClock.Instant
    private let time: Duration

    /// Begins now.
    package init(_ time: Duration) {
        self.time = time
        end = .now + time
    }

    /// Cancels what is asked when the time is over.
    package func ask<Value: Sendable>(
        _ question: @Sendable @escaping () async throws(AccessError) -> Value
    ) async throws(AccessError) -> Value {
        let answer = await withTaskGroup(of: Result<Value, AccessError>?.self) { group in
            group.addTask {
                do throws(AccessError) { return .success(try await question()) } catch { return .failure(error) }
            }
            group.addTask {
                try? await Task.sleep(until: end)
                return nil
            }
            var answer = await group.next() ?? nil
            if answer == nil, Task.isCancelled { answer = await group.next() ?? nil }
            group.cancelAll()
            return answer
        }
        guard let answer else {
            throw .directory(
                .unreachable(
                    reason: "it answers too slowly: it was asked for \(time.components.seconds) s, and given up"))
        }
        return try answer.get()
    }
}
