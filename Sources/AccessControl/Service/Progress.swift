/// Where long work of this process tells how far it is. Set by commands that run the service in
/// their own process and have a terminal to show it on.
public enum Progress {
    /// Bytes done, and bytes in all.
    @TaskLocal public static var importReport: (@Sendable (Int, Int) -> Void)?
    /// Entries read.
    @TaskLocal public static var syncReport: (@Sendable (Int) -> Void)?
}
