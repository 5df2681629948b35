/// Why a service cannot be reached, in words for a person.
enum ConnectionErrorText {
    /// The network libraries' own words, and what they come down to.
    private static let meanings = [
        ("Connection refused", "nothing listens there"),
        (
            "CERTIFICATE_VERIFY_FAILED",
            "its certificate does not verify: it has expired, is for another name, or of an authority that is not trusted "
                + "here (name that with --ca-file)"
        ),
        (
            "unableToValidateCertificate",
            "its certificate does not verify: it has expired, is for another name, or of an authority that is not trusted "
                + "here (name that with --ca-file)"
        ),
        ("WRONG_VERSION_NUMBER", "it does not speak TLS: use http, or another port"),
        ("Name or service not known", "there is no host of this name"),
        ("Temporary failure in name resolution", "there is no host of this name, or no name server answers"),
        ("No route to host", "there is no route to it"),
        ("Network is unreachable", "the network is unreachable"),
    ]

    static func words(_ technical: String) -> String {
        meanings.first { technical.contains($0.0) }?.1 ?? technical
    }
}
