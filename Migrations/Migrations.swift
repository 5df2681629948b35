/// A numbered script that brings a database from one schema to the next. Scripts that were
/// released never change: a database remembers their checksums.
public struct Migration: Hashable, Sendable {
    /// From 1, without gaps.
    public let number: Int64
    /// As in `0001_initial`.
    public let name: String
    /// Statements, each ended by a semicolon.
    public let sql: String

    public init(number: Int64, name: String, sql: String) {
        self.number = number
        self.name = name
        self.sql = sql
    }

    /// The scripts for SQLite, in order.
    public static let sqlite = [
        Migration(number: 1, name: "0001_initial", sql: text(PackageResources._001_initial_sql)),
        Migration(number: 2, name: "0002_directories", sql: text(PackageResources._002_directories_sql)),
        Migration(number: 3, name: "0003_settlements", sql: text(PackageResources._003_settlements_sql)),
        Migration(number: 4, name: "0004_registry", sql: text(PackageResources._004_registry_sql)),
        Migration(number: 5, name: "0005_change_keys", sql: text(PackageResources._005_change_keys_sql)),
        Migration(number: 6, name: "0006_credentials", sql: text(PackageResources._006_credentials_sql)),
        Migration(number: 7, name: "0007_directory_memory", sql: text(PackageResources._007_directory_memory_sql)),
        Migration(number: 8, name: "0008_sync_notes", sql: text(PackageResources._008_sync_notes_sql)),
    ]

    private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
