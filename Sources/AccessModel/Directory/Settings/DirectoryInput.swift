public import StrictJSON

/// What an administrator sends: the settings, and perhaps the password of the bind DN, which
/// goes to a place of its own and never into `DirectorySettings`.
public struct DirectoryInput: Sendable, JSONReadable, CustomStringConvertible, CustomReflectable {
    public var settings: DirectorySettings
    /// The member `bind.password`; nil when it was not given.
    public var password: String?

    public init(settings: DirectorySettings, password: String? = nil) {
        self.settings = settings
        self.password = password
    }

    public init(json: JSONValue) throws(JSONError) {
        var members = try JSONMembers(json)
        let bind = try members.optional(BindInput.self, "bind", "an object with a dn")
        self.init(settings: try DirectorySettings(&members, bind: bind?.bind), password: bind?.password)
        try members.refuseUnknown()
    }

    public var description: String {
        "\(settings.preset.rawValue) directory at \(settings.urls.joined(separator: ", "))"
    }

    /// Without the password, which a log or a crash report must not show.
    public var customMirror: Mirror { Mirror(self, children: ["settings": settings]) }

    private struct BindInput: JSONReadable {
        let bind: DirectorySettings.Bind
        let password: String?

        init(json: JSONValue) throws(JSONError) {
            var members = try JSONMembers(json)
            bind = try DirectorySettings.Bind(&members)
            password = try members.optional(String.self, "password")
            try members.refuseUnknown()
            if password?.isEmpty == true {
                throw JSONError("it is empty; leave bind out to read the directory anonymously", at: "password")
            }
            if password != nil, bind.passwordFile != nil {
                throw JSONError("give either a password or a password_file, not both", at: "password")
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
