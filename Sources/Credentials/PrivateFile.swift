import Glibc

/// A small file that only its owner may open, made once and never changed: a key.
struct PrivateFile: Sendable {
    let path: String

    /// What the file holds, or, where there is none, what `make` returns, kept in it from then on.
    /// Everybody who calls this at the same time, in this process or another, gets the same bytes.
    func readOrCreate(_ make: () throws -> [UInt8]) throws -> [UInt8] {
        if let content = try read() { return content }
        let content = try make()
        if try create(content) { return content }
        // Another process was first. Its file is whole, since it got its name only when it was.
        guard let content = try read() else {
            throw PrivateFileError.failed(path: path, action: "read", reason: "it was removed while it was made")
        }
        return content
    }

    /// - Returns: nil when there is no such file.
    /// - Throws: `PrivateFileError` when others may open it, too, or it cannot be read.
    func read() throws(PrivateFileError) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw failure("read")
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw failure("read") }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw .failed(path: path, action: "read", reason: "it is not a regular file")
        }
        guard status.st_mode & 0o077 == 0 else { throw .notPrivate(path: path, mode: status.st_mode & 0o777) }
        guard status.st_size <= Self.largest else {
            throw .failed(path: path, action: "read", reason: "it is larger than \(Self.largest) bytes")
        }
        return try contents(of: descriptor)
    }

    /// Makes the file with all of `content`, on the disk when this returns, or not at all.
    /// - Returns: false when there is one already, which stays as it is.
    func create(_ content: [UInt8]) throws(PrivateFileError) -> Bool {
        let suffix = String(UInt64.random(in: .min ... .max), radix: 36)
        let draft = "\(path).\(suffix).new"
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure("make") }
        defer { unlink(draft) }
        do {
            defer { close(descriptor) }
            try write(content, to: descriptor)
        }
        // link(2) and not rename(2), which would replace the file of whoever was first.
        guard link(draft, path) == 0 else {
            if errno == EEXIST { return false }
            throw failure("make")
        }
        try synchronizeFolder()
        return true
    }

    /// - Returns: whether there was one.
    @discardableResult
    func remove() throws(PrivateFileError) -> Bool {
        guard unlink(path) == 0 else {
            if errno == ENOENT { return false }
            throw failure("remove")
        }
        try synchronizeFolder()
        return true
    }

    /// Takes the place of what is there under the other name.
    func rename(to other: String) throws(PrivateFileError) {
        guard Glibc.rename(path, other) == 0 else { throw failure("rename") }
        try synchronizeFolder()
    }

    /// Room for a key and a chain of certificates.
    private static let largest = 65_536

    private func contents(of descriptor: Int32) throws(PrivateFileError) -> [UInt8] {
        var content: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while content.count <= Self.largest {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count == 0 { break }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw failure("read") }
            content += buffer[..<count]
        }
        return content
    }

    private func write(_ content: [UInt8], to descriptor: Int32) throws(PrivateFileError) {
        var rest = content[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw failure("write") }
            rest = rest.dropFirst(count)
        }
        guard fsync(descriptor) == 0 else { throw failure("write") }
    }

    /// The name is on the disk only when its folder is.
    private func synchronizeFolder() throws(PrivateFileError) {
        let folder = path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("make") }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failure("make") }
    }

    private func failure(_ action: String) -> PrivateFileError {
        let reason =
            switch errno {
            case ENOENT: "its folder does not exist"
            case EACCES: "permission denied; it and its folder must belong to the user that runs the service"
            case let other: String(cString: strerror(other))
            }
        return .failed(path: path, action: action, reason: reason)
    }
}

/// Why a file with a key in it cannot be used, in words for whoever runs the service.
public enum PrivateFileError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Others than its owner may open it.
    case notPrivate(path: String, mode: UInt32)
    /// The system refused; `action` is "read", "write", "make", "remove" or "rename".
    case failed(path: String, action: String, reason: String)

    public var description: String {
        switch self {
        case .notPrivate(let path, let mode):
            "the key file \(path) has mode 0\(String(mode, radix: 8)), so others may open it, too: "
                + "run chmod 600 on it, and replace it if somebody may have read it"
        case .failed(let path, let action, let reason):
            "cannot \(action) the key file \(path): \(reason)"
        }
    }
}
