// swift-tools-version: 6.2
import PackageDescription

// The dependency rule (Documentation/architecture.md): imports point left only.
//
//   StrictJSON <- AccessModel <- AccessControl <- adapters | front ends <- Server <- portreeve
//
// Every target lists exactly what it may import; `make lint` holds the code to it.

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

/// `PORTREEVE_CORE=1` leaves only the pure model and its tests, without any dependency to
/// fetch or build: `make test-core` answers in seconds.
let coreOnly = Context.environment["PORTREEVE_CORE"] != nil

let core: [Target] = [
    .target(name: "StrictJSON", swiftSettings: settings),
    .target(name: "AccessModel", dependencies: ["StrictJSON"], swiftSettings: settings),
    .target(
        name: "ReferenceModel", dependencies: ["AccessModel"], path: "Tests/ReferenceModel", swiftSettings: settings),
    .testTarget(
        name: "AccessModelTests", dependencies: ["StrictJSON", "AccessModel", "ReferenceModel"], exclude: ["Scenarios"],
        swiftSettings: settings),
    // Documentation/integrate.md shows it.
    .executableTarget(name: "Decide", dependencies: ["AccessModel"], path: "Examples/Decide", swiftSettings: settings),
]

let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let nio = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")

let service: [Target] = [
    // The use cases and the ports.
    .target(name: "AccessControl", dependencies: ["StrictJSON", "AccessModel", logging], swiftSettings: settings),

    // Storage.
    .target(
        name: "SQLStore", dependencies: ["StrictJSON", "AccessModel", "AccessControl", crypto],
        swiftSettings: settings),
    .target(
        name: "SQLiteDriver",
        dependencies: [
            "AccessModel", "AccessControl", "SQLStore", .product(name: "GRDB", package: "GRDB.swift"),
            .product(name: "GRDBSQLite", package: "GRDB.swift"),
        ],
        resources: [.embedInCode("Migrations")], swiftSettings: settings),

    .systemLibrary(name: "CLibPQ", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
    .target(
        name: "PostgreSQLDriver", dependencies: ["AccessControl", "SQLStore", "CLibPQ"],
        resources: [.embedInCode("Migrations")], swiftSettings: settings),

    // Directories.
    .systemLibrary(name: "CLDAP", pkgConfig: "ldap", providers: [.apt(["libldap2-dev"])]),
    .systemLibrary(name: "CGnuTLS", pkgConfig: "gnutls", providers: [.apt(["libgnutls28-dev"])]),
    .target(name: "LDAPClient", dependencies: ["CLDAP", "CGnuTLS", nioPosix], swiftSettings: settings),
    .target(
        name: "LDAPDirectory", dependencies: ["AccessModel", "AccessControl", "LDAPClient", crypto],
        swiftSettings: settings),

    // Passwords, keys, tokens.
    .systemLibrary(name: "CSodium", pkgConfig: "libsodium", providers: [.apt(["libsodium-dev"])]),
    .target(
        name: "Credentials",
        dependencies: [
            "AccessModel", "AccessControl", "CSodium", crypto, nioPosix,
            .product(name: "CryptoExtras", package: "swift-crypto"),
            .product(name: "X509", package: "swift-certificates"),
            .product(name: "SwiftASN1", package: "swift-asn1"),
        ],
        swiftSettings: settings),

    // Registries.
    .target(
        name: "RegistryHTTPClient",
        dependencies: [
            "AccessModel", "AccessControl", .product(name: "AsyncHTTPClient", package: "async-http-client"),
        ],
        swiftSettings: settings),

    // Front ends.
    .target(
        name: "HTTPSupport",
        dependencies: ["StrictJSON", "AccessModel", "AccessControl", hummingbird, logging, nio, nioHTTP1],
        swiftSettings: settings),
    .target(
        name: "RESTAPI", dependencies: ["StrictJSON", "AccessModel", "AccessControl", "HTTPSupport", hummingbird],
        swiftSettings: settings),
    .target(
        name: "DecisionAPI", dependencies: ["StrictJSON", "AccessModel", "AccessControl", "HTTPSupport", hummingbird],
        swiftSettings: settings),
    .target(
        name: "RegistryTokenAPI",
        dependencies: ["StrictJSON", "AccessModel", "AccessControl", "HTTPSupport", hummingbird],
        swiftSettings: settings),

    .target(
        name: "COpenAPI", path: "Documentation/OpenAPI", exclude: ["openapi.yaml"], sources: ["openapi.c"]),

    // Answers of the API as sentences and reports, for whoever shows them.
    .target(name: "Wording", dependencies: ["StrictJSON", "AccessModel"], swiftSettings: settings),

    // Wiring and commands.
    .target(
        name: "Server",
        dependencies: [
            "StrictJSON", "Wording", "AccessModel", "AccessControl", "SQLStore", "SQLiteDriver", "LDAPDirectory",
            "Credentials",
            "RegistryHTTPClient",
            "HTTPSupport", "RESTAPI", "DecisionAPI", "RegistryTokenAPI", "COpenAPI", hummingbird, logging, nio,
            nioHTTP1,
            .product(name: "HummingbirdCore", package: "hummingbird"),
            .product(name: "HummingbirdTLS", package: "hummingbird"),
            .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            .product(name: "NIOSSL", package: "swift-nio-ssl"),
            .product(name: "Yams", package: "Yams"),
        ],
        swiftSettings: settings),
    .executableTarget(
        name: "portreeve",
        dependencies: [
            "StrictJSON", "AccessModel", "Wording", "Server", logging,
            .product(name: "ArgumentParser", package: "swift-argument-parser"),
            .product(name: "AsyncHTTPClient", package: "async-http-client"),
        ],
        path: "Sources/portreeve",
        swiftSettings: settings),

    // Tests. One bundle a concern; servers are started by the tests that need them.
    .target(
        name: "TestSupport",
        dependencies: [
            "AccessModel", "AccessControl", "Server", "HTTPSupport", "SQLStore", "SQLiteDriver", hummingbird, logging,
            .product(name: "AsyncHTTPClient", package: "async-http-client"),
            .product(name: "NIOEmbedded", package: "swift-nio"), .product(name: "Yams", package: "Yams"),
        ],
        path: "Tests/TestSupport", swiftSettings: settings),
    .testTarget(
        name: "StoreTests",
        dependencies: [
            "AccessModel", "AccessControl", "SQLStore", "SQLiteDriver", "PostgreSQLDriver", "ReferenceModel",
            "TestSupport",
        ],
        exclude: ["Fixtures"], swiftSettings: settings),
    .testTarget(
        name: "CredentialsTests",
        dependencies: [
            "AccessModel", "AccessControl", "Credentials", crypto,
            .product(name: "CryptoExtras", package: "swift-crypto"),
        ],
        swiftSettings: settings),
    .testTarget(
        name: "ServiceTests",
        dependencies: [
            "AccessModel", "AccessControl", "SQLStore", "SQLiteDriver", "RegistryHTTPClient", "Server",
            "ReferenceModel",
            "TestSupport", "HTTPSupport", hummingbird, nio,
            nioHTTP1, logging, .product(name: "NIOEmbedded", package: "swift-nio"),
            .product(name: "Yams", package: "Yams"),
        ],
        swiftSettings: settings),
    .testTarget(
        name: "DirectoryTests",
        dependencies: ["AccessModel", "AccessControl", "LDAPClient", "LDAPDirectory", "ReferenceModel", "TestSupport"],
        swiftSettings: settings),
    .testTarget(
        name: "CommandTests",
        dependencies: ["portreeve", "StrictJSON", "AccessModel", "Wording", "Server", "TestSupport"],
        swiftSettings: settings),
    // Run by a test of the bundle below, which counts its instructions.
    .executableTarget(
        name: "ParserWork", dependencies: ["AccessModel", "TestSupport"], path: "Tests/ParserWork",
        swiftSettings: settings),
    .testTarget(
        name: "EndToEndTests", dependencies: ["AccessModel", "TestSupport", "ParserWork", "Decide"],
        swiftSettings: settings),
    .executableTarget(
        name: "Benchmarks",
        dependencies: [
            "StrictJSON", "AccessModel", "ReferenceModel", "AccessControl", "SQLStore", "SQLiteDriver",
            "PostgreSQLDriver", "Credentials", "Server", "CAllocations", "CFloor", hummingbird,
            .product(name: "GRDBSQLite", package: "GRDB.swift"), logging,
        ],
        path: "Benchmarks/Benchmarks", swiftSettings: settings),
    .target(name: "CAllocations", path: "Benchmarks/CAllocations"),
    .target(name: "CFloor", path: "Benchmarks/CFloor"),
]

let package = Package(
    name: "portreeve",
    products: coreOnly
        ? [.library(name: "AccessModel", targets: ["AccessModel"])]
        : [
            .library(name: "AccessModel", targets: ["AccessModel"]),
            .executable(name: "portreeve", targets: ["portreeve"]),
        ],
    dependencies: coreOnly
        ? []
        : [
            .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
            .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
            .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
            .package(url: "https://github.com/apple/swift-asn1", from: "1.7.4"),
            .package(url: "https://github.com/apple/swift-certificates", from: "1.21.1"),
            .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
            .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
            .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
            .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
            .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
            .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
            .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        ],
    targets: coreOnly ? core : core + service,
    // `#embed`.
    cLanguageStandard: .c2x
)
