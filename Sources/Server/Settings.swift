import Foundation
public import HTTPSupport
import StrictJSON
import Yams

/// The settings of the service: command line > environment `PORTREEVE_…` > file > default.
public struct Settings: Sendable {
    public var database: String
    public var host: String
    public var port: Int
    public var tlsCertificate: String?
    public var tlsKey: String?
    public var administratorName: String?
    public var administratorPassword: String?
    public var registryService: String
    public var registryIssuer: String
    public var registryTokenLifetime: Int64
    public var registryEventsSecret: String?
    /// Where a registry is asked what it holds, and whether it trusts a key; nil to ask none.
    public var registryURL: String?
    public var registryAuthorities: String?
    /// How often its catalogue is compared with what is known here, in seconds; 0 for never.
    public var registryReconcileInterval: Int
    /// Without a slash at the end.
    public var publicURL: String
    public var trustedProxies: [AddressRange]
    /// The folder under which a backup that is asked for over HTTP is written; nil for none.
    public var backupDirectory: String?
    /// What a reader of `/metrics` may bring as its bearer token.
    public var metricsToken: String?
    /// Where `/metrics` is read from without any.
    public var metricsTrusted: [AddressRange]
    /// The folder under which files with secrets may lie; without one no file is read.
    public var secretsDirectory: String?
    public var secretsKeyFile: String
    public var allowsCleartext: Bool
    public var logLevel: String
    public var logFormat: LogFormat
    public var logRequests: RequestLogMiddleware.Requests

    public enum LogFormat: String, Sendable, CaseIterable { case text, json }

    /// Every key, with what it means. A key that ends in `password` or `secret` may be given as
    /// a file with `-file` behind it.
    package static let keys: [String: String] = [
        "database": "the SQLite file; ./portreeve.db by default",
        "listen": "host:port; 127.0.0.1:8080 by default",
        "tls.certificate": "PEM file of the certificate chain",
        "tls.key": "PEM file of the private key",
        "bootstrap.admin.name": "first administrator, made while there is none",
        "bootstrap.admin.password": "their password",
        "bootstrap.admin.password-file": "a file with their password",
        "registry.service": "`service` of the registry's auth.token; registry by default",
        "registry.issuer": "`issuer` of the registry's auth.token; portreeve by default",
        "registry.token-lifetime": "seconds, 60 to 3600; 300 by default",
        "registry.events-secret": "what the registry's notifications bring as their bearer token",
        "registry.events-secret-file": "a file with it",
        "registry.url": "the registry's own address, to compare its catalogue and to try a new key; http(s)://…",
        "registry.ca-file": "PEM authorities to trust for it beside the system's",
        "registry.reconcile-interval": "seconds between comparisons, 60 to 604800, or 0 for none; 3600 by default",
        "public-url": "how others reach the service; http(s)://listen by default",
        "proxy.trusted": "CIDRs of proxies whose X-Forwarded-For counts",
        "backup.directory": "the folder for backups that are asked for over HTTP; without one there are none",
        "metrics.token": "what a reader of /metrics brings as its bearer token",
        "metrics.token-file": "a file with it",
        "metrics.trusted": "CIDRs from which /metrics is read without a token",
        "secrets.directory": "the folder for files with secrets that directories name",
        "secrets.key-file": "the key that encrypts kept secrets; beside the database by default",
        "allow-cleartext": "listen beyond loopback without TLS",
        "log.level": "trace, debug, info, notice, warning, error or critical; info by default",
        "log.format": "text or json; text by default",
        "log.requests": "off, errors (answers of 500 and above) or all; errors by default",
    ]

    /// - Parameters:
    ///   - file: a YAML file, with dotted or nested keys.
    ///   - overrides: from the command line, by dotted key.
    /// - Returns: the settings, and warnings about environment variables that mean nothing.
    public static func load(
        file: String?, overrides: [String: String], environment: [String: String]
    ) throws(ServerError) -> (settings: Settings, warnings: [String]) {
        var values: [String: String] = [:]
        if let file { values.merge(try read(file)) { $1 } }
        var warnings: [String] = []
        let variables = Dictionary(uniqueKeysWithValues: keys.keys.map { (variable(for: $0), $0) })
        for (name, value) in environment.sorted(by: { $0.key < $1.key }) where name.hasPrefix("PORTREEVE_") {
            if let key = variables[name] {
                values[key] = value
            } else {
                warnings.append("the environment variable \(name) means nothing to Portreeve")
            }
        }
        for (key, value) in overrides.sorted(by: { $0.key < $1.key }) {
            guard keys[key] != nil else { throw .setting(key: key, reason: reasonAgainst(key)) }
            if keys[key + "-file"] != nil {
                warnings.append(
                    "--\(key) can be read by everybody on this machine: use --\(key)-file, or - for standard input")
            }
            values[key] = value
        }
        return (try Settings(values), warnings)
    }

    package static func variable(for key: String) -> String {
        "PORTREEVE_"
            + key.uppercased().replacingOccurrences(of: ".", with: "_").replacingOccurrences(of: "-", with: "_")
    }

    /// Why a key of a file is not one.
    private static func reasonAgainst(_ key: String) -> String {
        guard !key.isEmpty else { return "this is not a list of settings with their values" }
        let below = keys.keys.filter { $0.hasPrefix(key + ".") }.sorted()
        guard below.isEmpty else { return "it has no value itself: there are \(below.joined(separator: ", "))" }
        let near = keys.keys.nearest(to: key).map { "; is \($0) meant?" } ?? ""
        return "there is no such setting" + near
    }

    private static func read(_ file: String) throws(ServerError) -> [String: String] {
        let content: Any?
        do {
            content = try Yams.load(yaml: TextFile.read(file))
        } catch let error as YamlError {
            throw .setting(key: file, reason: "this is not YAML: \(error.words)")
        } catch let error as TextFile.Unusable {
            throw .setting(key: file, reason: error.description)
        } catch {
            throw .setting(key: file, reason: "this cannot be used: \(error)")
        }
        guard let content else { return [:] }
        var values: [String: String] = [:]
        try flatten(content, under: "", of: file, into: &values)
        return values
    }

    private static func flatten(
        _ value: Any, under key: String, of file: String, into values: inout [String: String]
    ) throws(ServerError) {
        if let members = value as? [String: Any] {
            for (name, member) in members {
                try flatten(member, under: key.isEmpty ? name : "\(key).\(name)", of: file, into: &values)
            }
            return
        }
        guard keys[key] != nil else {
            throw .setting(key: key.isEmpty ? file : key, reason: "\(reasonAgainst(key)) (in \(file))")
        }
        guard values[key] == nil else {
            throw .setting(key: key, reason: "it is there twice, with a dot and below its first part (in \(file))")
        }
        if let list = value as? [Any] {
            values[key] = list.map { "\($0)" }.joined(separator: ",")
        } else {
            values[key] = "\(value)"
        }
    }
}

extension YamlError {
    /// What is wrong and where, without the text around it: that may hold secrets.
    fileprivate var words: String {
        switch self {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            "\(problem) (line \(mark.line), column \(mark.column))"
        case .duplicatedKeysInMapping(let keys, let context):
            "\(keys.map { "\($0)" }.joined(separator: ", ")) is there twice (line \(context.mark.line))"
        case .reader(let problem, _, _, _), .writer(let problem), .emitter(let problem), .representer(let problem):
            problem
        default: "it cannot be read as UTF-8"
        }
    }
}
