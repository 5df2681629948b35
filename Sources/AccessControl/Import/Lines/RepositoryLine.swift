import AccessModel
import StrictJSON

struct RepositoryLine: ImportLine {
    static let kind = "repository"

    let path: RepositoryPath
    let fields: RepositoryFields

    init(_ line: inout JSONMembers) throws(JSONError) {
        path = try RepositoryPath(&line)
        fields = try RepositoryFields(&line)
    }

    private init(_ repository: Repository, in namespace: AccountName) {
        path = RepositoryPath(trustedNamespace: namespace, name: repository.name)
        fields = RepositoryFields(of: repository)
    }

    var members: [JSONValue.Member] {
        [.init("namespace", path.namespace), .init("name", path.name)] + fields.members
    }

    var namespace: AccountName? { path.namespace }

    func put(in context: WriteContext) throws(AccessError) {
        if context.graph.repositoryID(at: path) != nil {
            _ = try UpdateRepository(path: path, fields: fields).perform(in: context)
        } else {
            _ = try CreateRepository(path: path, fields: fields).make(in: context)
        }
    }

    static func forEach(in export: ExportedWorld, _ write: (Self) throws(AccessError) -> Void) throws(AccessError) {
        for namespace in export.accounts {
            for repository in try export.reader.repositories(in: namespace.id, .all).map(\.value) {
                try write(Self(repository, in: namespace.name))
            }
        }
    }
}
