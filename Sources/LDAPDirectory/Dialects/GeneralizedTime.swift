import AccessModel

/// Times as directories write them (RFC 4517, 3.3.13): `20260301120000Z`, `202603011200+0100`, `2026030112.5Z`.
enum GeneralizedTime {
    /// To the second; nil for what is no such time.
    static func timestamp(_ text: String) -> Timestamp? {
        var rest = Substring(text).utf8
        func digits(_ count: Int) -> Int? {
            guard let value = number(rest.prefix(count), count) else { return nil }
            rest = rest.dropFirst(count)
            return value
        }
        guard let year = digits(4), let month = digits(2), let day = digits(2), let hour = digits(2) else { return nil }
        // The last part that is given may have a fraction.
        var (unit, minute, second) = (3_600.0, 0, 0)
        if let value = digits(2) {
            (unit, minute) = (60, value)
            if let value = digits(2) { (unit, second) = (1, value) }
        }
        // A leap second is the end of the minute.
        guard minute < 60, second <= 60, hour < 24 else { return nil }
        func padded(_ number: Int, _ width: Int = 2) -> String {
            String(repeating: "0", count: max(0, width - String(number).count)) + String(number)
        }
        let date = "\(padded(year, 4))-\(padded(month))-\(padded(day))"
        guard
            let start = Timestamp("\(date)T\(padded(hour)):\(padded(minute)):\(padded(min(second, 59)))Z")
        else { return nil }
        var seconds = start.seconds
        if rest.first == UInt8(ascii: ".") || rest.first == UInt8(ascii: ",") {
            let fraction = rest.dropFirst().prefix { (0x30...0x39).contains($0) }
            guard !fraction.isEmpty, let part = Double("0." + String(decoding: fraction, as: UTF8.self)) else {
                return nil
            }
            seconds += Int64(part * unit)
            rest = rest.dropFirst(1 + fraction.count)
        }
        guard let offset = offset(rest) else { return nil }
        return Timestamp(seconds: seconds - offset)
    }

    /// Seconds east of UTC.
    private static func offset(_ text: Substring.UTF8View) -> Int64? {
        if text.elementsEqual("Z".utf8) { return 0 }
        guard let sign = text.first, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-"),
            [3, 5].contains(text.count), let hours = number(text.dropFirst().prefix(2), 2),
            let minutes = text.count == 5 ? number(text.suffix(2), 2) : 0, hours < 24, minutes < 60
        else { return nil }
        let seconds = Int64(hours * 3_600 + minutes * 60)
        return sign == UInt8(ascii: "-") ? -seconds : seconds
    }

    private static func number(_ digits: some Collection<UInt8>, _ count: Int) -> Int? {
        guard digits.count == count, digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    }

    /// To the second.
    static func text(_ time: Timestamp) -> String {
        time.description.filter(\.isNumber).prefix(14) + "Z"
    }
}
