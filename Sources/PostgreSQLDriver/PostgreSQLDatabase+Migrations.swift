public import SQLStore

extension PostgreSQLDatabase {
    public static let migrations = Migration.list([
        "0001_initial": PackageResources._001_initial_sql,
        "0002_directories": PackageResources._002_directories_sql,
        "0003_settlements": PackageResources._003_settlements_sql,
        "0004_registry": PackageResources._004_registry_sql,
        "0005_change_keys": PackageResources._005_change_keys_sql,
        "0006_credentials": PackageResources._006_credentials_sql,
        "0007_directory_memory": PackageResources._007_directory_memory_sql,
        "0008_sync_notes": PackageResources._008_sync_notes_sql,
        "0009_token_rights": PackageResources._009_token_rights_sql,
        "0010_control_plane": PackageResources._010_control_plane_sql,
    ])
}
