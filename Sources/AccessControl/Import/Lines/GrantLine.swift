import AccessModel
import StrictJSON

struct GrantLine: ImportLine {
    static let kind = "grant"

    let subject: SubjectName
    let target: TargetName
    let level: AccessLevel
    let expiresAt: Timestamp??

    init(_ line: inout JSONMembers) throws(JSONError) {
        subject = try line.required(SubjectName.self, "subject")
        target = try line.required(TargetName.self, "target")
        level = try line.required(AccessLevel.self, "level")
        expiresAt = try line.nullable(Timestamp.self, "expires_at")
    }

    private init(_ grant: GrantView) {
        (subject, target, level, expiresAt) = (grant.subject, grant.target, grant.level, grant.expiresAt)
    }

    var members: [JSONValue.Member] {
        [.init("subject", subject), .init("target", target), .init("level", level)]
            + ((expiresAt ?? nil).map { [.init("expires_at", $0)] } ?? [])
    }

    var namespace: AccountName? {
        switch target {
        case .repository(let path): path.namespace
        case .namespace(let name): name
        }
    }

    var end: Timestamp? { expiresAt ?? nil }

    func put(in context: WriteContext) throws(AccessError) {
        _ = try PutGrant(subject: subject, target: target, level: level, expiresAt: expiresAt).perform(in: context)
    }

    static func forEach(in export: ExportedWorld, _ write: (Self) throws(AccessError) -> Void) throws(AccessError) {
        for namespace in export.accounts {
            try forEach(on: .namespace(namespace.id), named: .namespace(namespace.name), in: export.context, write)
            for repository in try export.reader.repositories(in: namespace.id, .all).map(\.value) {
                let path = RepositoryPath(trustedNamespace: namespace.name, name: repository.name)
                try forEach(on: .repository(repository.id), named: .repository(path), in: export.context, write)
            }
        }
    }

    private static func forEach(
        on target: GrantTarget, named name: TargetName, in context: ReadContext,
        _ write: (Self) throws(AccessError) -> Void
    ) throws(AccessError) {
        var views: [GrantView] = []
        for grant in try context.reader.grants(on: target) {
            if let view = try context.view(grant.value, on: name) { views.append(view) }
        }
        // An ended grant gives nothing.
        views.removeAll { $0.expiresAt.map { $0 <= context.now } ?? false }
        for view in views.sorted(by: { $0.subject.description < $1.subject.description }) { try write(Self(view)) }
    }
}
