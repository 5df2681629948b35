/// The table of one kind of fact, and the four statements that are all it needs. One a kind, by reference: each change of a
/// fact takes it up.
final class FactTable: Sendable {
    let name: String
    /// Of the columns, those of the key first.
    let names: [String]
    let keyCount: Int
    /// The columns whose identities a fact is found under (`Fact.keys`).
    let identities: [String]
    /// The column with what is kept beside the fact and never in the log.
    let secret: String?
    /// Every column with its table's name, the revision last.
    let columns: String
    /// `columns` from the table, to be continued with joins, a condition and an order.
    let select: String
    let insert: SQLInsert
    let update: String
    let updateWithSecret: String
    let delete: String
    /// The revision of the fact with the parts of a `FactKey`.
    let revisionQuery: String
    /// The place of the revision in `columns`, which is how many others there are.
    let revisionColumn: Int

    var hasSecret: Bool { secret != nil }

    /// - Precondition: there is a column of that name.
    func place(of column: String) -> Int {
        guard let place = names.firstIndex(of: column) else { preconditionFailure("\(name) has no column \(column)") }
        return place
    }

    /// - Parameters:
    ///   - blank: names the columns; those of the key come first in every row.
    ///   - parts: the columns with the parts of a `FactKey`; nil for all of the key.
    ///   - owner: the column with the identity of whose a fact is, if that is not in the key.
    ///   - secret: the column with what is kept beside the fact.
    init(
        _ name: String, of blank: some StoredFact, parts: [String]? = nil, owner: String? = nil, secret: String? = nil
    ) {
        var (blank, lister) = (blank, ColumnLister())
        // A lister reads nothing, so that nothing can be unusable.
        do { try blank.code(&lister) } catch {
            preconditionFailure("the columns of \(name) cannot be listed: \(error)")
        }
        let (key, columns) = (lister.key, lister.others)
        let (all, parts) = (key + columns, parts ?? key)
        self.name = name
        names = all
        keyCount = key.count
        identities = parts + (owner.map { [$0] } ?? [])
        self.secret = secret
        revisionColumn = all.count
        self.columns = (all + ["revision"]).map { "\(name).\($0)" }.joined(separator: ", ")
        select = "SELECT \(self.columns) FROM \(name)"
        let written = all + ["revision"] + (secret.map { [$0] } ?? [])
        insert = SQLInsert(into: name, written)
        let condition = " WHERE " + key.map { "\($0) = ?" }.joined(separator: " AND ")
        let changed = (columns + ["revision"]).map { "\($0) = ?" }.joined(separator: ", ")
        update = "UPDATE \(name) SET \(changed)\(condition)"
        updateWithSecret = secret.map { "UPDATE \(name) SET \(changed), \($0) = ?\(condition)" } ?? update
        delete = "DELETE FROM \(name)\(condition)"
        let isFact = parts.map { "\($0) = ?" }.joined(separator: " AND ")
        revisionQuery = "SELECT revision FROM \(name) WHERE \(isFact)"
    }
}
