import Foundation
import HTTPSupport

extension Settings {
    /// Settings of texts by dotted key, with the defaults for what is absent.
    init(_ values: [String: String]) throws(ServerError) {
        let reader = Values(values)
        database = values["database"] ?? "portreeve.db"
        guard !database.contains("://") else {
            throw .setting(
                key: "database",
                reason: "Portreeve does not serve a database of a server, as PostgreSQL, yet: name a SQLite file")
        }
        let listen = values["listen"] ?? "127.0.0.1:8080"
        guard let colon = listen.lastIndex(of: ":"), let port = Int(listen[listen.index(after: colon)...]),
            (0...65_535).contains(port), colon != listen.startIndex
        else {
            throw .setting(key: "listen", reason: "\"\(listen)\" is not host:port, as 127.0.0.1:8080 or [::1]:8080")
        }
        host = listen[..<colon].trimmingCharacters(in: CharacterSet(charactersIn: "[]"))
        self.port = port
        tlsCertificate = values["tls.certificate"]
        tlsKey = values["tls.key"]
        guard (tlsCertificate == nil) == (tlsKey == nil) else {
            throw .setting(key: "tls.key", reason: "tls.certificate and tls.key go together")
        }
        administratorName = values["bootstrap.admin.name"]
        administratorPassword = try reader.secret("bootstrap.admin.password")
        registryService = values["registry.service"] ?? "registry"
        registryIssuer = values["registry.issuer"] ?? "portreeve"
        registryTokenLifetime = Int64(try reader.number("registry.token-lifetime", in: 60...3_600) ?? 300)
        registryEventsSecret = try reader.secret("registry.events-secret")
        registryURL = values["registry.url"]
        if let registryURL, !registryURL.hasPrefix("http://"), !registryURL.hasPrefix("https://") {
            throw .setting(key: "registry.url", reason: "\"\(registryURL)\" does not begin with http:// or https://")
        }
        registryAuthorities = values["registry.ca-file"]
        let interval = try reader.number("registry.reconcile-interval", in: 0...604_800) ?? 3_600
        guard interval == 0 || interval >= 60 else {
            throw .setting(key: "registry.reconcile-interval", reason: "use 60 or more seconds, or 0 for never")
        }
        registryReconcileInterval = interval
        let scheme = tlsCertificate == nil ? "http" : "https"
        publicURL = values["public-url"] ?? "\(scheme)://\(listen)"
        while publicURL.hasSuffix("/") { publicURL.removeLast() }
        guard let parts = URLComponents(string: publicURL), ["http", "https"].contains(parts.scheme),
            parts.host?.isEmpty == false, parts.query == nil, parts.fragment == nil, parts.user == nil,
            !(parts.path + "/").contains("//")
        else {
            throw .setting(
                key: "public-url",
                reason: "\"\(publicURL)\" is not https://HOST, with a port and a path if need be")
        }
        trustedProxies = try reader.ranges("proxy.trusted")
        backupDirectory = values["backup.directory"]
        metricsToken = try reader.secret("metrics.token")
        metricsTrusted = try reader.ranges("metrics.trusted")
        secretsDirectory = values["secrets.directory"]
        secretsKeyFile = values["secrets.key-file"] ?? database + ".secrets-key"
        allowsCleartext = try reader.flag("allow-cleartext")
        logLevel = values["log.level"] ?? "info"
        logFormat = try reader.choice("log.format") ?? .text
        logRequests = try reader.choice("log.requests") ?? .errors
        if !isLoopback && tlsCertificate == nil && !allowsCleartext {
            throw .setting(
                key: "listen",
                reason: "\(host) is reached from other machines, and passwords would cross the network in clear: set "
                    + "tls.certificate and tls.key, or allow-cleartext: true behind a proxy that has TLS")
        }
    }

    var isLoopback: Bool { host == "localhost" || host == "::1" || host.hasPrefix("127.") }

    /// The signing key and certificate of registry tokens.
    var registryKeyFile: String { database + ".registry-key.pem" }
}

private struct Values {
    let values: [String: String]

    init(_ values: [String: String]) { self.values = values }

    func number(_ key: String, in range: ClosedRange<Int>) throws(ServerError) -> Int? {
        guard let text = values[key] else { return nil }
        guard let value = Int(text), range.contains(value) else {
            throw .setting(
                key: key, reason: "\"\(text)\" is not a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return value
    }

    func ranges(_ key: String) throws(ServerError) -> [AddressRange] {
        var ranges: [AddressRange] = []
        for text in (values[key] ?? "").split(separator: ",") {
            guard let range = AddressRange(text.trimmingCharacters(in: .whitespaces)) else {
                throw .setting(key: key, reason: "\"\(text)\" is no CIDR, as 10.0.0.0/8")
            }
            ranges.append(range)
        }
        return ranges
    }

    func flag(_ key: String) throws(ServerError) -> Bool {
        switch values[key] {
        case nil, "false"?: return false
        case "true"?: return true
        case let text?: throw .setting(key: key, reason: "\"\(text)\" is neither true nor false")
        }
    }

    func choice<Choice: RawRepresentable & CaseIterable>(_ key: String) throws(ServerError) -> Choice?
    where Choice.RawValue == String {
        guard var text = values[key] else { return nil }
        // YAML takes a bare off for false.
        if text == "false", Choice(rawValue: "off") != nil { text = "off" }
        guard let choice = Choice(rawValue: text) else {
            let all = Choice.allCases.map(\.rawValue).joined(separator: ", ")
            throw .setting(key: key, reason: "\"\(text)\" is none of \(all)")
        }
        return choice
    }

    /// A secret itself, or the content of the file that `key-file` names.
    func secret(_ key: String) throws(ServerError) -> String? {
        guard let file = values[key + "-file"] else { return values[key] }
        guard values[key] == nil else { throw .setting(key: key, reason: "give it or \(key)-file, not both") }
        let path = file == "-" ? "/dev/stdin" : file
        let text: String
        do throws(TextFile.Unusable) {
            text = try TextFile.read(path)
        } catch {
            throw .setting(key: key + "-file", reason: "the file \(file): \(error)")
        }
        let secret = text.trimmingCharacters(in: .newlines)
        guard !secret.isEmpty else { throw .setting(key: key + "-file", reason: "the file \(file) is empty") }
        return secret
    }
}
