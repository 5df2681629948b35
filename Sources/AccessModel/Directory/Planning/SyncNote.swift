/// Something that an administrator should know about a synchronisation and that is no change.
public struct SyncNote: Hashable, Sendable, Codable, Comparable {
    public enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
        /// A search or a group was not read to its end.
        case incompleteReading = "incomplete-reading"
        /// A rule that may add but not remove this time.
        case frozenFeed = "frozen-feed"
        /// A rule follows its group, which has another name now.
        case renamedGroup = "renamed-group"
        /// A rule names a team or an organisation that does not exist.
        case missingTarget = "missing-target"
        /// A team or an organisation that a pattern made, and for which no group is read any more: it may only add.
        case missingGroup = "missing-group"
        /// A person who gets no account, or an account that does not take its new name.
        case refusedPerson = "refused-person"
        /// A field that nobody shows any more.
        case hiddenField = "hidden-field"
        /// A group whose name fits a pattern and cannot be used.
        case refusedGroup = "refused-group"
        /// Somebody who left, whose account stays for what it owns.
        case keptLeaver = "kept-leaver"
        /// A membership made by a person stands where a rule would have it otherwise.
        case localMembership = "local-membership"
        /// Members of a group that are nobody whom the settings select.
        case unresolvedMembers = "unresolved-members"
        /// Entries that stand for others, which are not followed.
        case alias
        /// A reference to another server or partition that was not followed.
        case referral
    }

    public var kind: Kind
    /// What the note is about: a DN, a login, `nerd-dinner/ops`.
    public var subject: String
    public var text: String

    public init(_ kind: Kind, _ subject: String, _ text: String) {
        self.kind = kind
        self.subject = subject
        self.text = text
    }

    public static func < (left: Self, right: Self) -> Bool {
        (left.kind.rawValue, left.subject, left.text) < (right.kind.rawValue, right.subject, right.text)
    }
}
