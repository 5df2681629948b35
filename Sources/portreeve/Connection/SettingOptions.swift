import ArgumentParser

/// Every setting of the service, under the same dotted key as in the file.
struct SettingOptions: ParsableArguments {
    @Option(help: ArgumentHelp("YAML file of settings.", valueName: "file"))
    var config: String?

    @Option(help: ArgumentHelp("The database file; default ./portreeve.db.", valueName: "path"))
    var database: String?

    @Option(help: ArgumentHelp("Where to listen; default 127.0.0.1:8080.", valueName: "host:port"))
    var listen: String?

    @Option(name: .customLong("tls.certificate"), help: ArgumentHelp("PEM file.", valueName: "file"))
    var tlsCertificate: String?

    @Option(name: .customLong("tls.key"), help: ArgumentHelp("PEM file.", valueName: "file"))
    var tlsKey: String?

    @Flag(name: .customLong("allow-cleartext"), help: "Listen beyond loopback without TLS.")
    var allowsCleartext = false

    @Option(name: .customLong("public-url"), help: ArgumentHelp("How others reach the service.", valueName: "url"))
    var publicURL: String?

    @Option(
        name: .customLong("proxy.trusted"),
        help: ArgumentHelp("Networks of proxies whose forwarded headers count.", valueName: "cidr,…"))
    var proxyTrusted: String?

    @Option(
        name: .customLong("bootstrap.admin.name"),
        help: ArgumentHelp("A first system administrator, made while there is none.", valueName: "name"))
    var bootstrapName: String?

    @Option(name: .customLong("bootstrap.admin.password"), help: .private)
    var bootstrapPassword: String?

    @Option(
        name: .customLong("bootstrap.admin.password-file"), help: ArgumentHelp("Their password.", valueName: "file"))
    var bootstrapPasswordFile: String?

    @Option(
        name: .customLong("registry.service"), help: ArgumentHelp("Audience of registry tokens.", valueName: "name"))
    var registryService: String?

    @Option(name: .customLong("registry.issuer"), help: ArgumentHelp("Issuer of registry tokens.", valueName: "name"))
    var registryIssuer: String?

    @Option(
        name: .customLong("registry.token-lifetime"),
        help: ArgumentHelp("How long registry tokens are valid; default 300.", valueName: "seconds"))
    var registryTokenLifetime: String?

    @Option(name: .customLong("registry.events-secret"), help: .private)
    var registryEventsSecret: String?

    @Option(
        name: .customLong("registry.events-secret-file"),
        help: ArgumentHelp("The secret of the registry's notifications.", valueName: "file"))
    var registryEventsSecretFile: String?

    @Option(
        name: .customLong("secrets.directory"),
        help: ArgumentHelp("The folder of files that directories may name.", valueName: "path"))
    var secretsDirectory: String?

    @Option(
        name: .customLong("secrets.key-file"), help: ArgumentHelp("The key of stored secrets.", valueName: "path"))
    var secretsKeyFile: String?

    @Option(name: .customLong("registry.url"), help: ArgumentHelp("The registry's own address.", valueName: "url"))
    var registryURL: String?

    @Option(
        name: .customLong("registry.ca-file"),
        help: ArgumentHelp("Authorities to trust for it beside the system's.", valueName: "file"))
    var registryAuthorities: String?

    @Option(
        name: .customLong("registry.reconcile-interval"),
        help: ArgumentHelp("Time between comparisons with its catalogue; 0 for never.", valueName: "seconds"))
    var registryReconcileInterval: String?

    @Option(
        name: .customLong("backup.directory"),
        help: ArgumentHelp("Folder for backups that are asked for over HTTP.", valueName: "folder"))
    var backupDirectory: String?

    @Option(name: .customLong("metrics.token"), help: .private)
    var metricsToken: String?

    @Option(
        name: .customLong("metrics.token-file"),
        help: ArgumentHelp("A file with the token of readers of /metrics.", valueName: "file"))
    var metricsTokenFile: String?

    @Option(
        name: .customLong("metrics.trusted"),
        help: ArgumentHelp("Networks from which /metrics is read without a token.", valueName: "cidr,…"))
    var metricsTrusted: String?

    @Option(
        name: .customLong("log.level"),
        help: ArgumentHelp("trace, debug, info, notice, warning, error or critical.", valueName: "level"))
    var logLevel: String?

    @Option(name: .customLong("log.format"), help: ArgumentHelp("text or json.", valueName: "format"))
    var logFormat: String?

    @Option(
        name: .customLong("log.requests"),
        help: ArgumentHelp("off, errors (answers of 500 and above) or all.", valueName: "which"))
    var logRequests: String?

    /// Under their keys, those that were given.
    var overrides: [String: String] {
        let values: [String: String?] = [
            "database": database, "listen": listen, "tls.certificate": tlsCertificate, "tls.key": tlsKey,
            "allow-cleartext": allowsCleartext ? "true" : nil, "public-url": publicURL, "proxy.trusted": proxyTrusted,
            "bootstrap.admin.name": bootstrapName, "bootstrap.admin.password": bootstrapPassword,
            "bootstrap.admin.password-file": bootstrapPasswordFile, "registry.service": registryService,
            "registry.issuer": registryIssuer, "registry.token-lifetime": registryTokenLifetime,
            "registry.events-secret": registryEventsSecret, "registry.events-secret-file": registryEventsSecretFile,
            "secrets.directory": secretsDirectory, "secrets.key-file": secretsKeyFile,
            "registry.url": registryURL, "registry.ca-file": registryAuthorities,
            "registry.reconcile-interval": registryReconcileInterval, "backup.directory": backupDirectory,
            "metrics.token": metricsToken, "metrics.token-file": metricsTokenFile, "metrics.trusted": metricsTrusted,
            "log.level": logLevel,
            "log.format": logFormat, "log.requests": logRequests,
        ]
        return values.compactMapValues { $0 }
    }
}
