import AccessModel
public import Foundation
import StrictJSON

extension Transactions {
    /// Everything in the import format.
    public func export(as caller: Caller) async throws(AccessError) -> Data {
        try await longReadings.pass(caller.actor) { () async throws(AccessError) in
            try await ask(ExportLines(), as: caller)
        }
    }
}

/// Everything in the import format, in an order in which it can be imported: the same facts
/// give the same bytes.
public struct ExportLines: Query {
    public init() {}

    public func answer(in context: ReadContext) throws(AccessError) -> Data {
        try context.require(.administer, to: "export")
        let export = try ExportedWorld(context)
        var bytes: [UInt8] = []
        for kind in ImportLineKind.all {
            try kind.forEach(export) { (members) throws(AccessError) in
                let line = JSONValue.object(members.filter { !$0.value.isNull } + [.init("kind", kind.word)])
                line.sorted.write(to: &bytes)
                bytes.append(UInt8(ascii: "\n"))
            }
        }
        return Data(bytes)
    }
}
