import AccessControl
import AccessModel
import HTTPSupport
import StrictJSON

extension JSONValue {
    /// Of an evaluation.
    var decision: Bool {
        if case .object(let members) = self, case .bool(let value)? = members.first?.value { value } else { false }
    }

    /// The context's member `missing`: subjects and resources that do not exist. No member if all exist.
    static func context(missing names: [MissingName?]) -> [(String, JSONValue?)] {
        let names = names.compactMap(\.self)
        guard !names.isEmpty else { return [] }
        let members = names.map { name in
            JSONValue(members: [
                ("type", .string(name.type)), ("id", .string(name.id)), ("nearest", name.nearest.map(JSONValue.string)),
            ])
        }
        return [("missing", .array(members))]
    }

    /// - Parameters:
    ///   - explanation: adds the path of each reason and, of a denial, how things stand.
    ///   - missing: further members of the context.
    init(
        _ decision: Decision, explains: Bool, _ explanation: Explanation? = nil, missing: [(String, JSONValue?)]
    ) {
        var context: [(String, JSONValue?)] = [
            ("level", JSONValue(decision.level?.rawValue)), ("revision", JSONValue(decision.revision)),
        ]
        if explains {
            context.append(("time", JSONValue(decision.time)))
            let reasons = decision.reasons.indices.map { place in
                JSONValue(decision.reasons[place], members: explanation.map { $0.members(ofReason: place) } ?? [])
            }
            context.append(("reasons", .array(reasons)))
            if let denial = decision.denial { context.append(("denial", .string(denial.description))) }
        }
        if let summary = explanation?.summary { context.append(("summary", .string(summary))) }
        if let remedies = explanation?.remedies, !remedies.isEmpty {
            let told = remedies.map {
                ["kind": .string($0.kind.rawValue), "text": .string($0.description)] as JSONValue
            }
            context.append(("remedies", .array(told)))
        }
        self = ["decision": .bool(decision.isAllowed), "context": JSONValue(members: context + missing)]
    }

    private init(_ reason: Reason, members more: [(String, JSONValue?)]) {
        var members: [(String, JSONValue?)] = [
            ("via", .string(reason.kind.rawValue)), ("level", .string(reason.level.rawValue)),
            ("text", .string(reason.description)),
        ]
        if case .team(let organization, let path, let target) = reason.source {
            members.append(("teams", .array(path.map { .string("\(organization)/\($0)") })))
            members.append(("target", .string(target.description)))
        }
        if case .direct(let target) = reason.source { members.append(("target", .string(target.description))) }
        if let expiry = reason.expiresAt { members.append(("expires_at", JSONValue(expiry))) }
        self.init(members: members + more)
    }

    init(_ step: Explanation.Step) {
        var members: [(String, JSONValue?)] = [
            ("text", .string(step.text)), ("since", JSONValue(step.since)),
            ("revision", JSONValue(step.change)),
        ]
        if let by = step.by { members.append(("by", .string(by))) }
        self.init(members: members)
    }
}

extension Explanation {
    /// The first reason is the strongest: the one that decided.
    fileprivate func members(ofReason place: Int) -> [(String, JSONValue?)] {
        [
            ("decided", .bool(decision.isAllowed && place == 0)), ("path", .array(paths[place].map { JSONValue($0) })),
        ]
    }
}
