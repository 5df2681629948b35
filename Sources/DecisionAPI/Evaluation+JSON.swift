import AccessControl
import AccessModel
import HTTPSupport

extension JSON {
    /// Of an evaluation.
    var decision: Bool {
        if case .object(let members) = self, case .bool(let value)? = members.first?.1 { value } else { false }
    }

    /// - Parameter explanation: adds the path of each reason and, of a denial, how things stand.
    init(_ decision: Decision, explains: Bool, _ explanation: Explanation? = nil) {
        var context: [(String, JSON)] = [
            ("level", JSON(decision.level?.rawValue)), ("revision", .number(decision.revision)),
        ]
        if explains {
            context.append(("time", JSON(decision.time)))
            let reasons = decision.reasons.indices.map { place in
                JSON(decision.reasons[place], members: explanation.map { $0.members(ofReason: place) } ?? [])
            }
            context.append(("reasons", .array(reasons)))
            if let denial = decision.denial { context.append(("denial", JSON(denial))) }
        }
        if let summary = explanation?.summary { context.append(("summary", .string(summary))) }
        if let remedies = explanation?.remedies, !remedies.isEmpty {
            let told = remedies.map { ["kind": .string($0.kind.rawValue), "text": .string($0.description)] as JSON }
            context.append(("remedies", .array(told)))
        }
        self = ["decision": .bool(decision.isAllowed), "context": .object(context)]
    }

    private init(_ reason: Reason, members more: [(String, JSON)]) {
        var members: [(String, JSON)] = [
            ("via", .string(reason.kind.rawValue)), ("level", .string(reason.level.rawValue)),
            ("text", .string(reason.description)),
        ]
        if case .team(let organization, let path, let target) = reason.source {
            members.append(("teams", .array(path.map { .string("\(organization)/\($0)") })))
            members.append(("target", JSON(target)))
        }
        if case .direct(let target) = reason.source { members.append(("target", JSON(target))) }
        if let expiry = reason.expiresAt { members.append(("expires_at", JSON(expiry))) }
        self = .object(members + more)
    }

    fileprivate init(_ step: Explanation.Step) {
        var members: [(String, JSON)] = [
            ("text", .string(step.text)), ("since", JSON(step.since)),
            ("revision", step.change.map { .number($0) } ?? .null),
        ]
        if let by = step.by { members.append(("by", .string(by))) }
        self = .object(members)
    }
}

extension Explanation {
    /// The first reason is the strongest: the one that decided.
    fileprivate func members(ofReason place: Int) -> [(String, JSON)] {
        [
            ("decided", .bool(decision.isAllowed && place == 0)), ("path", .array(paths[place].map { JSON($0) })),
        ]
    }
}
