import AccessModel

// What is asked once more before somebody loses something.

extension Synchronization {
    /// - Returns: groups that fed something, were not read, and of which nothing proves that they are gone.
    func look(for known: [KnownGroup], in reading: inout DirectoryReading) async -> [KnownGroup] {
        guard reading.snapshot.groupsReading.isComplete else { return [] }
        let read = Set(reading.snapshot.groups.map(\.externalID))
        let missing = known.filter { !$0.rules.isEmpty && !read.contains($0.externalID) }
        guard !missing.isEmpty else { return [] }
        do {
            let answer = try await look(SecondLook(groups: missing))
            if let group = answer.unreadGroup {
                reading.doubtGroups(
                    "\(group.dn) is there and passes the filter, and was not among what the server gave")
            }
            return answer.unclearGroups
        } catch {
            reading.doubtGroups("whether \(missing[0].dn) is gone cannot be told: \(error)")
            return []
        }
    }

    /// Looks once more for people who would be called gone, each by name, and reads groups anew on whose account somebody
    /// would lose something. What is not as it was read makes the reading incomplete.
    /// - Returns: whether it has.
    func lookAgain(
        _ reading: inout DirectoryReading, at question: SecondLook
    ) async -> Bool {
        guard !question.isEmpty else { return false }
        let before = reading.snapshot
        do {
            let answer = try await look(question)
            if let person = answer.unreadPerson {
                reading.doubtPeople(
                    "\(person.dn) is there and passes the filter, and was not among what the server gave: perhaps it "
                        + "lacks an index")
            }
            if let person = answer.misplacedPerson {
                reading.doubtPeople("at \(person.dn) there is somebody else than was read there")
            }
            reading.compare(Set(question.fed.map(\.externalID)), with: answer.fed)
        } catch {
            reading.doubtPeople("whether what would be removed is gone cannot be told: \(error)")
        }
        guard reading.snapshot != before else { return false }
        reading.mirror = nil
        return true
    }

    private func look(_ question: SecondLook) async throws(AccessError) -> SecondLook.Answer {
        try await time.ask { () async throws(AccessError) in
            try await synchronization.directories.look(again: question, in: directory, sealed: sealedPassword)
        }
    }

}

extension DirectoryReading {
    fileprivate mutating func doubtPeople(_ reason: String) { snapshot.usersReading = .incomplete(reason: reason) }

    fileprivate mutating func doubtGroups(_ reason: String) {
        snapshot.groupsReading = .incomplete(reason: reason)
        mirror = nil
    }

    /// A group that is given twice with different members is not known.
    fileprivate mutating func compare(_ fed: Set<String>, with again: [DirectoryGroup]) {
        let again = Dictionary(again.map { ($0.externalID, $0) }, uniquingKeysWith: { $1 })
        for place in snapshot.groups.indices where fed.contains(snapshot.groups[place].externalID) {
            let group = snapshot.groups[place]
            guard group.membersReading.isComplete,
                let reason = group.contradiction(by: again[group.externalID])
            else { continue }
            snapshot.groups[place].membersReading = .incomplete(reason: reason)
        }
    }
}

extension DirectoryGroup {
    /// Why a group is not known that was read once more; nil if both say the same.
    fileprivate func contradiction(by other: DirectoryGroup?) -> String? {
        guard let other else { return "read once more, it was not given" }
        if let reason = other.membersReading.reason { return reason }
        guard Set(other.members) != Set(members) else { return nil }
        return "it was given twice, with \(members.count) members and with \(other.members.count)"
    }
}
