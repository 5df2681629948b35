import AccessModel
import ReferenceModel
import Testing

@Suite struct TimestampTests {
    @Test(
        arguments: [
            ("1970-01-01T00:00:00Z", 0), ("2026-03-01T12:00:00Z", 1_772_366_400_000_000),
            ("2026-03-01", 1_772_323_200_000_000), ("2026-03-01t12:00:00z", 1_772_366_400_000_000),
            ("2026-03-01 12:00:00Z", 1_772_366_400_000_000), ("2026-03-01T14:30:00+02:30", 1_772_366_400_000_000),
            ("2026-03-01T12:00:00-00:00", 1_772_366_400_000_000), ("2026-02-28T23:00:00-13:00", 1_772_366_400_000_000),
            ("1970-01-01T00:00:00.5Z", 500_000), ("1970-01-01T00:00:00.000001Z", 1),
            ("1970-01-01T00:00:00.123456789Z", 123_456), ("1969-12-31T23:59:59.999999Z", -1),
            ("2000-02-29T00:00:00Z", 951_782_400_000_000), ("2024-02-29", 1_709_164_800_000_000),
            ("9999-12-31T23:59:59.999999Z", 253_402_300_799_999_999), ("0001-01-01", -62_135_596_800_000_000),
        ])
    func `a time in RFC 3339 is read`(text: String, microseconds: Int64) {
        #expect(Timestamp(text)?.microseconds == microseconds)
    }

    @Test(
        arguments: [
            "", "now", "2026", "2026-03", "2026-3-1", "26-03-01", "2026-13-01", "2026-00-01", "2026-02-29",
            "1900-02-29",
            "2026-04-31", "2026-03-00", "2026-03-01T", "2026-03-01T12:00Z", "2026-03-01T12:00:00",
            "2026-03-01T24:00:00Z",
            "2026-03-01T12:60:00Z", "2026-03-01T12:00:60Z", "2026-03-01T12:00:00.Z", "2026-03-01T12:00:00.1234567890Z",
            "2026-03-01T12:00:00+2:00", "2026-03-01T12:00:00+24:00", "2026-03-01T12:00:00+02:60",
            "2026-03-01T12:00:00+0200",
            "2026-03-01T12:00:00Z ", " 2026-03-01", "2026-03-01Z", "-2026-03-01", "+2026-03-01", "٢٠٢٦-03-01",
            "2026/03/01",
        ])
    func `anything else is no time`(text: String) {
        #expect(Timestamp(text) == nil)
    }

    @Test(
        arguments: [
            (0, "1970-01-01T00:00:00Z"), (-1, "1969-12-31T23:59:59.999999Z"), (500_000, "1970-01-01T00:00:00.500000Z"),
            (1_772_366_400_000_000, "2026-03-01T12:00:00Z"), (-62_135_596_800_000_000, "0001-01-01T00:00:00Z"),
        ])
    func `a time is written in UTC`(microseconds: Int64, text: String) {
        #expect(Timestamp(microseconds: microseconds).description == text)
    }

    @Test func `every time from year 1 to 9999 is read as it was written`() {
        var random = SplitMix64(seed: 1)
        for _ in 0..<2_000 {
            let seconds = Int64(random.below(315_537_897_600)) - 62_135_596_800
            let time = Timestamp(microseconds: seconds * 1_000_000 + Int64(random.below(1_000_000)))
            #expect(Timestamp(time.description) == time)
        }
    }

    @Test func `whole seconds are rounded down, before 1970 too`() {
        #expect(Timestamp(microseconds: 1_999_999).seconds == 1)
        #expect(Timestamp(microseconds: -1).seconds == -1)
        #expect(Timestamp(microseconds: -1_000_000).seconds == -1)
    }

    @Test func `a duration moves a time`() {
        #expect(Timestamp(seconds: 10) + .milliseconds(1_500) == Timestamp(microseconds: 11_500_000))
        #expect(Timestamp(seconds: 10) + .microseconds(-1) == Timestamp(microseconds: 9_999_999))
        #expect(Timestamp(seconds: 10) + .microseconds(-1) < Timestamp(seconds: 10))
    }
}
