/// What the content synchronisation operation (RFC 4533) gives in the mode refreshOnly. Entries
/// are named by their entryUUID in its dashed, lower-case form.
public struct ContentSync: Hashable, Sendable {
    /// New and changed entries. A server that starts over gives all of them.
    public var changed: [String: LDAPEntry] = [:]
    /// Entries that are gone by the server's word.
    public var deleted: Set<String> = []
    /// Entries that are as they were; used if `namesDeleted` is false.
    public var present: Set<String> = []
    /// Whether `deleted` names all that is gone; else gone is whatever is neither changed nor present.
    public var namesDeleted = false
    /// What to ask with the next time, on the same server; nil if the server gave none.
    public var cookie: String?
}

extension LDAPConnection {
    /// What has changed below a base since a cookie.
    /// - Parameters:
    ///   - cookie: of an earlier answer for the same search.
    ///   - limit: the changed entries after which it is given up, with `.sizeLimitExceeded`.
    /// - Throws: among the server's answers are `.unavailableCriticalExtension` from one that does not do
    ///   this, and `.unwillingToPerform` or `.syncRefreshRequired` where the cookie is of no use.
    public mutating func contentSync(
        _ search: LDAPSearch, since cookie: String, limit: Int
    ) throws(LDAPError) -> ContentSync {
        var sync = ContentSync()
        let request = BER.element(
            BER.sequence,
            BER.number(1, tag: BER.enumerated) + BER.element(BER.octetString, Array(cookie.utf8)))
        var search = search
        search.controls.append(LDAPControlValue(Self.syncRequest, value: request))
        let answer = try exchange(search) { (event) throws(LDAPError) in
            switch event {
            case .entry(let entry, let controls):
                try Self.take(entry, controls, into: &sync)
                guard sync.changed.count <= limit else {
                    throw LDAPError("search", .sizeLimitExceeded, "more than \(limit) entries have changed")
                }
            case .intermediate(Self.syncInfo, let value):
                try Self.take(info: value, into: &sync)
            case .references, .intermediate:
                break
            }
        }
        guard answer.code == .success else { throw LDAPError("search", answer.code, answer.diagnostic) }
        var outer = BERReader(answer.control(Self.syncDone)?.value ?? [])
        guard var value = outer.reader(BER.sequence) else { throw Self.unreadable }
        if let cookie = value.content(BER.octetString) { sync.cookie = String(decoding: cookie, as: UTF8.self) }
        if let flag = value.flag() { sync.namesDeleted = flag }
        return sync
    }

    private static let syncRequest = "1.3.6.1.4.1.4203.1.9.1.1"
    private static let syncState = "1.3.6.1.4.1.4203.1.9.1.2"
    private static let syncDone = "1.3.6.1.4.1.4203.1.9.1.3"
    private static let syncInfo = "1.3.6.1.4.1.4203.1.9.1.4"

    private static var unreadable: LDAPError {
        LDAPError("search", .decodingError, "a message of the content synchronisation cannot be read (RFC 4533)")
    }

    /// The Sync State Control of an entry (RFC 4533, 2.3).
    private static func take(
        _ entry: LDAPEntry, _ controls: [LDAPControlValue], into sync: inout ContentSync
    ) throws(LDAPError) {
        var outer = BERReader(controls.first { $0.oid == syncState }?.value ?? [])
        guard var value = outer.reader(BER.sequence), let state = value.number(BER.enumerated),
            let id = value.content(BER.octetString).flatMap(uuid)
        else { throw unreadable }
        switch state {
        case 0: sync.present.insert(id)
        case 1, 2: sync.changed[id] = entry
        case 3: sync.deleted.insert(id)
        default: throw unreadable
        }
    }

    /// The Sync Info Message (RFC 4533, 2.5).
    private static func take(info: [UInt8], into sync: inout ContentSync) throws(LDAPError) {
        var outer = BERReader(info)
        switch outer.nextTag {
        case 0x80: break  // a newer cookie, which the end brings too
        case 0xA1: break  // refreshDelete: that phase ended or begins
        case 0xA2: break  // refreshPresent, likewise
        case 0xA3:
            guard var value = outer.reader(0xA3) else { throw unreadable }
            _ = value.content(BER.octetString)
            let areDeleted = value.flag() ?? false
            guard var set = value.reader(BER.set) else { throw unreadable }
            while !set.isAtEnd {
                guard let id = set.content(BER.octetString).flatMap(uuid) else { throw unreadable }
                if areDeleted { sync.deleted.insert(id) } else { sync.present.insert(id) }
            }
        default: throw unreadable
        }
    }

    private static func uuid(_ bytes: ArraySlice<UInt8>) -> String? {
        guard bytes.count == 16 else { return nil }
        var text = ""
        for (place, byte) in bytes.enumerated() {
            if [4, 6, 8, 10].contains(place) { text += "-" }
            text += (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }
        return text
    }
}
