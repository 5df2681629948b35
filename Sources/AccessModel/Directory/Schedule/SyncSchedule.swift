/// When something is done again and again: after a fixed time, or by a cron expression in UTC.
///
/// Equal when written the same: `60m` and `@hourly` are not `1h`.
public struct SyncSchedule: Hashable, Sendable, CustomStringConvertible {
    enum Rule: Hashable, Sendable {
        case every(seconds: Int64)
        case cron(CronExpression)
    }

    /// As it was written, without white space around it.
    public let description: String
    private let rule: Rule

    /// Reads one of
    /// - an interval of at least 5 seconds and at most 31 days: `30s`, `15m`, `2h`, `1d`;
    /// - `@hourly`, `@daily` or `@midnight`, `@weekly` (Sunday), `@monthly`, `@yearly` or `@annually`,
    ///   each at the first moment of what it names;
    /// - five fields as in crontab(5), `minute hour day-of-month month day-of-week`: `*`, values,
    ///   ranges and lists of them, steps after `*` or a range, names `jan` to `dec` and `sun` to
    ///   `sat`. Sunday is 0 and 7, and may end a range: `fri-sun`. When both day fields are
    ///   restricted, a day that either matches is taken; one that starts with `*` is not restricted.
    ///
    /// Names and words may be in any case.
    ///
    /// - Throws: when it is nothing of this, or when no day ever matches (30 February). The reason
    ///   names the field and what to write instead.
    public init(_ text: String) throws(SyncScheduleError) {
        let words = text.split(whereSeparator: \.isWhitespace)
        rule = try Rule(words)
        let start = words.first?.startIndex ?? text.endIndex
        let end = words.last?.endIndex ?? text.endIndex
        description = String(text[start..<end])
    }

    /// The next moment strictly after `time`: for an interval `time` and the interval, for cron
    /// the first second of the next minute that matches. Pass the start of the last run.
    public func next(after time: Timestamp) -> Timestamp {
        switch rule {
        case .every(let seconds): time + .seconds(seconds)
        case .cron(let expression): expression.next(after: time)
        }
    }

    /// `next`, put off by a share of the way to the one after it, at most a tenth of it and at
    /// most a minute, so that many services do not all ask a directory at the same second. The
    /// share depends on `seed` and on the moment alone: every replica that passes the same two
    /// gets the same.
    ///
    /// Pass the start of the last run, or the moment it was due, and run again when the answer
    /// has come. Cron moments, put off, keep their order, and the answer is the first of them
    /// strictly after `time`: passing each answer in turn comes upon every moment once. A `time`
    /// between a moment and its putting off is answered with that one, which is still to come, so
    /// a service that starts there does not miss it. Never pass a time before the last run was
    /// due: it would be due a second time.
    ///
    /// An interval counts from `time`, so each run is put off against the one before it.
    public func next(after time: Timestamp, jitter seed: String) -> Timestamp {
        switch rule {
        case .every: return putOff(next(after: time), seed)
        case .cron:
            // A moment before `time` may have been put off to after it, by no more than this.
            var moment = next(after: time + .seconds(-Jitter.maximumSeconds))
            while putOff(moment, seed) <= time { moment = next(after: moment) }
            return putOff(moment, seed)
        }
    }

    private func putOff(_ moment: Timestamp, _ seed: String) -> Timestamp {
        let gap = next(after: moment).microseconds - moment.microseconds
        return Timestamp(microseconds: moment.microseconds + Jitter.microseconds(of: moment, gap: gap, seed: seed))
    }
}

private enum Jitter {
    static let maximumSeconds: Int64 = 60

    /// From 0 to a tenth of `gap`, but no more than a minute.
    static func microseconds(of moment: Timestamp, gap: Int64, seed: String) -> Int64 {
        let most = min(gap / 10, maximumSeconds * 1_000_000)
        return Int64(hash(seed, moment) % UInt64(most + 1))
    }

    /// FNV-1a: Swift's own hash differs from process to process. The seed comes first, so that
    /// the bytes of the moment still mix seeds that differ in their last letter only.
    private static func hash(_ seed: String, _ moment: Timestamp) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        func add(_ byte: UInt8) { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        for byte in seed.utf8 { add(byte) }
        for shift in stride(from: 0, to: 64, by: 8) { add(UInt8(truncatingIfNeeded: moment.microseconds >> shift)) }
        return hash
    }
}
