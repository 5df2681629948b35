public import AccessModel
public import Foundation
import StrictJSON

extension Transactions {
    /// Everything in the import format, or what is an organisation's, and the revision that it is of.
    public func export(
        _ organization: AccountName?, as caller: Caller
    ) async throws(AccessError) -> (lines: Data, revision: Revision) {
        let query = ExportLines(organization: organization)
        return try await longReadings.pass(caller.actor) { () async throws(AccessError) in
            try await ask(NumberedExport(query: query), as: caller)
        }
    }
}

/// Everything in the import format, in an order in which it can be imported: the same facts
/// give the same bytes.
public struct ExportLines: Query {
    /// Whose lines; nil for all. An owner may export what is their organisation's, and import it again.
    public var organization: AccountName?

    public init(organization: AccountName? = nil) { self.organization = organization }

    public func answer(in context: ReadContext) throws(AccessError) -> Data {
        if let organization {
            let id = try context.organization(organization).value.id
            try context.require(.manageOrganization(id), to: "export \(organization)")
        } else {
            try context.require(
                .administer, to: "export everything: an owner exports their organisation, by its name (--org, ?org=)")
        }
        let export = try ExportedWorld(context)
        var bytes: [UInt8] = []
        for kind in ImportLineKind.all {
            try kind.forEach(export) { (line) throws(AccessError) in
                guard organization == nil || line.namespace == organization else { return }
                let json = JSONValue.object(line.members.filter { !$0.value.isNull } + [.init("kind", kind.word)])
                json.sorted.write(to: &bytes)
                bytes.append(UInt8(ascii: "\n"))
            }
        }
        return Data(bytes)
    }
}

private struct NumberedExport: Query {
    let query: ExportLines

    func answer(in context: ReadContext) throws(AccessError) -> (lines: Data, revision: Revision) {
        (try query.answer(in: context), try context.reader.revision())
    }
}
