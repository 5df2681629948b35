/// What an administrator sends: the settings, and perhaps the password of the bind DN, which
/// goes to a place of its own and never into `DirectorySettings`.
public struct DirectoryInput: Sendable, Decodable, CustomStringConvertible, CustomReflectable {
    public var settings: DirectorySettings
    /// The member `bind.password`; nil when it was not given.
    public var password: String?

    public init(settings: DirectorySettings, password: String? = nil) {
        self.settings = settings
        self.password = password
    }

    public init(from decoder: any Decoder) throws {
        let members = try MemberReader(decoder, knows: DirectorySettings.members)
        let bind: BindInput? = try members.optional("bind", "an object with a dn")
        self.init(settings: try DirectorySettings(members, bind: bind?.bind), password: bind?.password)
    }

    public var description: String {
        "\(settings.preset.rawValue) directory at \(settings.urls.joined(separator: ", "))"
    }

    /// Without the password, which a log or a crash report must not show.
    public var customMirror: Mirror { Mirror(self, children: ["settings": settings]) }

    private struct BindInput: Decodable {
        var bind: DirectorySettings.Bind
        var password: String?

        init(from decoder: any Decoder) throws {
            let members = try MemberReader(decoder, knows: ["dn", "password", "password_file"])
            bind = DirectorySettings.Bind(
                dn: try members.required("dn", "a text"),
                passwordFile: try members.optional("password_file", "the path of a file"))
            password = try members.optional("password", "a text")
            if password?.isEmpty == true {
                throw members.error("password", reason: "is empty; leave bind out to read the directory anonymously")
            }
            if password != nil, bind.passwordFile != nil {
                throw members.error("password", reason: "give either a password or a password_file, not both")
            }
        }
    }
}

extension DirectorySettings {
    /// Whether a password given for `previous` may be used with these settings: not when they
    /// would send it elsewhere, less safely, or for another name.
    public func mayKeepPassword(of previous: DirectorySettings) -> Bool {
        urls == previous.urls && tls == previous.tls && bind?.dn == previous.bind?.dn
    }
}
