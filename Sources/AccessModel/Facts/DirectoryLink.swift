/// The person in a directory that an account stands for.
public struct DirectoryLink: Hashable, Sendable, Codable {
    /// The directory's name.
    public var directory: String
    /// `objectGUID` (dashed, lower case) or `entryUUID`: the identity, whatever name and place become.
    public var externalID: String
    /// Where the entry was found last; login binds as it.
    public var dn: String
    /// `userPrincipalName` in lower case: a second name to log in with.
    public var principalName: String?
    /// Since when the person is no longer in the directory; nil for one who is.
    public var goneSince: Timestamp?
    /// Whether what the person has here rests: they are gone, and no later reading has confirmed it. Who comes back
    /// has it again.
    public var isResting: Bool

    public init(
        directory: String, externalID: String, dn: String, principalName: String? = nil, goneSince: Timestamp? = nil,
        isResting: Bool = false
    ) {
        self.directory = directory
        self.externalID = externalID
        self.dn = dn
        self.principalName = principalName
        self.goneSince = goneSince
        self.isResting = isResting
    }

    /// Who it is for good, among the people of all directories: the name of the directory, which has no spaces, and
    /// the identity there.
    public var person: String { "\(directory) \(externalID)" }

    enum CodingKeys: String, CodingKey {
        case directory, dn
        case externalID = "external_id"
        case principalName = "principal_name"
        case goneSince = "gone_since"
        case isResting = "resting"
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            directory: try container.decode(String.self, forKey: .directory),
            externalID: try container.decode(String.self, forKey: .externalID),
            dn: try container.decode(String.self, forKey: .dn),
            principalName: try container.decodeIfPresent(String.self, forKey: .principalName),
            goneSince: try container.decodeIfPresent(Timestamp.self, forKey: .goneSince),
            isResting: try container.decodeIfPresent(Bool.self, forKey: .isResting) ?? false)
    }
}
