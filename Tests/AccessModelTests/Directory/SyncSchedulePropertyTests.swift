import AccessModel
import ReferenceModel
import Testing

/// Random expressions and times, against a clock that ticks on until they match.
@Suite struct SyncSchedulePropertyTests {
    @Test func `cron finds what a ticking clock finds`() throws {
        var random = SplitMix64(seed: Worlds.seed)
        var (near, far, refused) = (0, 0, 0)
        for number in 0..<600 {
            let cron = RandomCron(&random)
            // From 1940 to 2120, so that some are before 1970 and some pass over 2100.
            let from = Timestamp(microseconds: (Int64(random.below(5_680_281_600)) - 946_771_200) * 1_000_000)
            let place: Comment = "\"\(cron.text)\" after \(from), the \(number)th of PORTREEVE_SEED=\(Worlds.seed)"
            if cron.neverComes {
                #expect(throws: SyncScheduleError.self, place) { try SyncSchedule(cron.text) }
                refused += 1
                continue
            }
            let next = try SyncSchedule(cron.text).next(after: from)
            var clock = Clock(from)
            clock.tick()
            var ticks = 0
            while ticks < 20_000, !cron.matches(clock) {
                clock.tick()
                ticks += 1
            }
            if cron.matches(clock) {
                near += 1
            } else {
                // The rest of this day, then whole days, then the minutes of the day found.
                while clock.hour + clock.minute > 0, !cron.matches(clock) { clock.tick() }
                while !cron.matchesDay(clock) { clock.tickDay() }
                while !cron.matches(clock) { clock.tick() }
                far += 1
            }
            #expect(next.description == clock.description, place)
        }
        #expect(near > 100 && far > 100 && refused > 0, "\(near) near, \(far) far, \(refused) refused")
    }
}

/// A random expression, with the numbers of its fields worked out by trying each.
private struct RandomCron {
    let text: String
    private let fields: [Set<Int>]
    private let isEither: Bool

    init(_ random: inout SplitMix64) {
        let months = ["jan", "FEB", "Mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
        let days = ["Sun", "mon", "tue", "wed", "thu", "FRI", "sat"]
        let parts = [
            Self.field(0...59, [:], starPercent: 30, &random), Self.field(0...23, [:], starPercent: 40, &random),
            Self.field(1...31, [:], starPercent: 40, &random),
            Self.field(1...12, Dictionary(uniqueKeysWithValues: zip(1...12, months)), starPercent: 40, &random),
            Self.field(0...7, Dictionary(uniqueKeysWithValues: zip(0...6, days)), starPercent: 60, &random),
        ]
        text = parts.map(\.text).joined(separator: " ")
        fields = parts.map(\.numbers)
        isEither = parts[2].text.first != "*" && parts[4].text.first != "*"
    }

    private static func field(
        _ range: ClosedRange<Int>, _ names: [Int: String], starPercent: Int, _ random: inout SplitMix64
    ) -> (text: String, numbers: Set<Int>) {
        func spelled(_ number: Int) -> String {
            random.chance(percent: 40) ? names[number] ?? "\(number)" : "\(number)"
        }
        if random.chance(percent: starPercent) { return ("*", Set(range)) }
        var (texts, numbers): ([String], Set<Int>) = ([], [])
        for _ in 0...random.skewedBelow(3) {
            // Often the end, where days are that not every month has.
            let one = random.chance(percent: 30) ? range.upperBound : Int.random(in: range, using: &random)
            let other = Int.random(in: range, using: &random)
            let (low, high) = (min(one, other), max(one, other))
            let step = 1 + random.below(range.upperBound)
            switch random.below(5) {
            case 0:
                texts.append("*/\(step)")
                numbers.formUnion(range.filter { ($0 - range.lowerBound).isMultiple(of: step) })
            case 1:
                texts.append("\(spelled(low))-\(spelled(high))")
                numbers.formUnion(low...high)
            case 2:
                texts.append("\(spelled(low))-\(spelled(high))/\(step)")
                numbers.formUnion((low...high).filter { ($0 - low).isMultiple(of: step) })
            default:
                texts.append(spelled(one))
                numbers.insert(one)
            }
        }
        return (texts.joined(separator: ","), numbers)
    }

    var neverComes: Bool {
        !isEither
            && fields[3].allSatisfy { month in
                fields[2].allSatisfy { $0 > Clock.days(inMonth: month, of: 2000) }
            }
    }

    func matches(_ clock: Clock) -> Bool {
        fields[0].contains(clock.minute) && fields[1].contains(clock.hour) && matchesDay(clock)
    }

    func matchesDay(_ clock: Clock) -> Bool {
        guard fields[3].contains(clock.month) else { return false }
        let ofMonth = fields[2].contains(clock.day)
        let ofWeek = fields[4].contains(clock.weekday) || (clock.weekday == 0 && fields[4].contains(7))
        return isEither ? ofMonth || ofWeek : ofMonth && ofWeek
    }
}

/// A clock that is set once and then counts.
private struct Clock: CustomStringConvertible {
    var (year, month, day, hour, minute) = (0, 0, 0, 0, 0)
    /// Sunday is 0.
    var weekday = 0

    init(_ time: Timestamp) {
        let parts = time.description.split(whereSeparator: { !$0.isNumber }).compactMap { Int($0) }
        (year, month, day, hour, minute) = (parts[0], parts[1], parts[2], parts[3], parts[4])
        // Sakamoto's method.
        let shifted = month < 3 ? year - 1 : year
        let offset = [0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4][month - 1]
        weekday = (shifted + shifted / 4 - shifted / 100 + shifted / 400 + offset + day) % 7
    }

    var description: String {
        let parts = [month, day, hour, minute].map { $0 < 10 ? "0\($0)" : "\($0)" }
        return "\(year)-\(parts[0])-\(parts[1])T\(parts[2]):\(parts[3]):00Z"
    }

    mutating func tick() {
        minute += 1
        if minute == 60 { (hour, minute) = (hour + 1, 0) }
        if hour == 24 {
            hour = 0
            tickDay()
        }
    }

    mutating func tickDay() {
        weekday = (weekday + 1) % 7
        day += 1
        if day > Self.days(inMonth: month, of: year) { (month, day) = (month + 1, 1) }
        if month == 13 { (year, month) = (year + 1, 1) }
    }

    static func days(inMonth month: Int, of year: Int) -> Int {
        let isLeapYear = year.isMultiple(of: 400) || (year.isMultiple(of: 4) && !year.isMultiple(of: 100))
        return [31, isLeapYear ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
    }
}
