/// An identity that outlives renames: fifteen characters of lower-case Crockford base 32. New
/// ones sort behind old ones, and a string of this length needs no memory of its own.
public struct Identifier<Entity>: Hashable, Sendable, Comparable, Codable, CustomStringConvertible {
    public let rawValue: String

    public init(rawValue: String) { self.rawValue = rawValue }

    public init(from decoder: any Decoder) throws {
        rawValue = try decoder.singleValueContainer().decode(String.self)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(rawValue)
    }

    public var description: String { rawValue }

    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

extension Identifier {
    /// One new identity. For several at once, use one `IdentifierSource`.
    public static func make(at now: Timestamp) -> Self {
        var source = IdentifierSource(now: now)
        return source.next()
    }
}

/// Makes identities: nine characters of time, then six that start by chance and count up, so
/// that a million made in one transaction differ, whatever the clock says.
public struct IdentifierSource: Sendable {
    private var tick: UInt64
    private var counter: UInt64

    public init(now: Timestamp) {
        var generator = SystemRandomNumberGenerator()
        self.init(now: now, using: &generator)
    }

    public init(now: Timestamp, using generator: inout some RandomNumberGenerator) {
        tick = UInt64(bitPattern: now.microseconds) >> 8
        counter = generator.next() & (1 << 30 - 1)
    }

    public mutating func next<Entity>() -> Identifier<Entity> {
        counter += 1
        if counter >> 30 != 0 {
            counter = 0
            tick += 1
        }
        let text = Self.digits(tick, 9) + Self.digits(counter, 6)
        return Identifier(rawValue: text)
    }

    private static let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz")

    private static func digits(_ value: UInt64, _ count: Int) -> String {
        var text = ""
        for place in (0..<count).reversed() {
            text.append(alphabet[Int(value >> (UInt64(place) * 5) & 31)])
        }
        return text
    }
}

public typealias AccountID = Identifier<Account>
public typealias TeamID = Identifier<Team>
public typealias RepositoryID = Identifier<Repository>
public typealias ServiceAccountID = Identifier<ServiceAccount>
public typealias TokenID = Identifier<AccessToken>
