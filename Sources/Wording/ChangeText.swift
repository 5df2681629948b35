package import StrictJSON

/// An entry of the change log in words, by the names of its time.
package struct ChangeText {
    private let change: JSONValue
    private let names: JSONValue

    /// - Parameters:
    ///   - change: an entry of the API.
    ///   - showsIdentities: whether identities stay as they are.
    package init(_ change: JSONValue, showsIdentities: Bool = false) {
        self.change = change
        names = showsIdentities ? .null : change["names"]
    }

    /// Who did it: `elton`, `nerd-dinner+ci`, `directory corp`, `local root`.
    package var actor: String {
        let parts = change["actor"].text.split(separator: ":", maxSplits: 1).map(String.init)
        guard let kind = parts.first, parts.count == 2 else { return change["actor"].text }
        // Others are called as they are: they have no identity.
        guard kind == "user" || kind == "service-account" else { return "\(kind) \(parts[1])" }
        return names[parts[1]].string.map(\.withoutControls) ?? "\(kind) \(parts[1])"
    }

    /// What was done: `granted read-write on nerd-dinner/web to team nerd-dinner/ops`.
    package var sentence: String {
        switch (change["before"], change["after"]) {
        case (.null, let after): come(after)
        case (let before, .null): gone(before)
        case (let before, let after): changed(before, after)
        }
    }

    /// The sentence with the reason behind it.
    package var sentenceWithReason: String {
        let reason = change["reason"].text
        return reason.isEmpty ? sentence : "\(sentence) (\(reason))"
    }

    private var kind: String { change["kind"].text }

    private func come(_ fact: JSONValue) -> String {
        switch kind {
        case "organization-member": "made \(name(fact["user"])) \(role(fact)) of \(name(fact["organization"]))"
        case "team-member": "made \(name(fact["user"])) \(role(fact)) of team \(name(fact["team"]))"
        case "grant": "granted \(fact["level"].text) on \(target(fact)) to \(subject(fact))\(end(fact))"
        case "control-grant":
            "gave \(name(fact["role"])) on \(name(fact["collection"])) to \(subject(fact))\(end(fact))"
        case "placement": "placed \(placed(fact)) in \(name(fact["collection"]))"
        case "control-settings": "gave everybody \(name(fact["default_role"])) in their own collection"
        case "password": "set the password of \(name(fact["account"]))"
        case "retired-name": "retired the name \(fact["name"].text)"
        case "token": "created \(thing(fact))\(rights(fact))"
        default: "created \(thing(fact))"
        }
    }

    private func gone(_ fact: JSONValue) -> String {
        switch kind {
        case "organization-member": "removed \(name(fact["user"])) from \(name(fact["organization"]))"
        case "team-member": "removed \(name(fact["user"])) from team \(name(fact["team"]))"
        case "grant": "took \(fact["level"].text) on \(target(fact)) from \(subject(fact))"
        case "control-grant":
            "took \(name(fact["role"])) on \(name(fact["collection"])) from \(subject(fact))"
        case "placement": "took \(placed(fact)) out of \(name(fact["collection"]))"
        case "password": "removed the password of \(name(fact["account"]))"
        case "retired-name": "freed the name \(fact["name"].text)"
        case "token": "revoked \(thing(fact))"
        default: "deleted \(thing(fact))"
        }
    }

    private func changed(_ before: JSONValue, _ after: JSONValue) -> String {
        let differences = differences(before, after).joined(separator: ", ")
        switch kind {
        case "password": return "changed the password of \(name(after["account"]))"
        default: return "changed \(thing(after))" + (differences.isEmpty ? "" : ": " + differences)
        }
    }

    /// The kind of a fact and what names it.
    private func thing(_ fact: JSONValue) -> String {
        let own = fact["name"].text
        return switch kind {
        case "account": "\(accountKind(fact)) \(own)"
        case "team", "repository": "\(kind) \(names[fact["id"].text].string.map(\.withoutControls) ?? own)"
        case "service-account": "service account \(names[fact["id"].text].string.map(\.withoutControls) ?? own)"
        case "token": "token \(own) of \(name(fact["account"].isNull ? fact["service_account"] : fact["account"]))"
        case "organization-member": "the membership of \(name(fact["user"])) in \(name(fact["organization"]))"
        case "team-member": "the membership of \(name(fact["user"])) in team \(name(fact["team"]))"
        case "collection": "collection \(names[fact["id"].text].string.map(\.withoutControls) ?? own)"
        case "control-grant":
            "the grant of \(name(fact["role"])) on \(name(fact["collection"])) to \(subject(fact))"
        case "site": "\(fact["form"].text) \(own)"
        case "placement": "the placement of \(placed(fact))"
        case "control-settings": "the settings of the control plane"
        case "grant": "the grant of \(subject(fact)) on \(target(fact))"
        default: own.isEmpty ? kind : "\(kind) \(own)"
        }
    }

    private func accountKind(_ fact: JSONValue) -> String {
        fact["kind"].string == "organization" ? "organisation" : fact["kind"].string ?? "account"
    }

    private func role(_ fact: JSONValue) -> String {
        let role = fact["role"].text
        return (role.first.map("aeiou".contains) ?? false ? "an " : "a ") + role
    }

    private func end(_ fact: JSONValue) -> String {
        fact["expires_at"].isNull ? "" : " until \(fact["expires_at"].text)"
    }

    /// What a token may do about tokens, with names for identities.
    private func rights(_ fact: JSONValue) -> String {
        guard let words = fact["may"].string?.split(separator: " "), !words.isEmpty else { return "" }
        let rights = words.map { word in
            let parts = word.split(separator: ":", maxSplits: 1).map(String.init)
            return ([parts[0]] + parts.dropFirst().map { name(.string($0)) }).joined(separator: ":")
        }
        return ", which may \(rights.joined(separator: ", "))"
    }

    /// A resource, with the cluster or the engine that it is at.
    private func placed(_ fact: JSONValue) -> String {
        let site = fact["site"].text == "-" ? "" : "\(name(fact["site"]))/"
        return "\(fact["type"].text) \(site)\(fact["id"].text)"
    }

    private func subject(_ fact: JSONValue) -> String {
        let subject = fact["subject"]
        if subject["type"].text == "everyone" { return "everyone" }
        return "\(subject["type"].text.replacing("-", with: " ")) \(name(subject["id"]))"
    }

    private func target(_ fact: JSONValue) -> String {
        let target = fact["target"]
        return target["type"].text == "namespace" ? "namespace \(name(target["id"]))" : name(target["id"])
    }

    /// What an identity was called; the identity itself where that is not known.
    private func name(_ identity: JSONValue) -> String {
        names[identity.text].string.map(\.withoutControls) ?? identity.text
    }

    /// - Parameter path: of the object, with its point: `settings.`
    private func differences(_ before: JSONValue, _ after: JSONValue, under path: String = "") -> [String] {
        let members = (after.members + before.members).map(\.name)
        var seen: Set<String> = []
        return members.filter { seen.insert($0).inserted && before[$0] != after[$0] }.flatMap { member -> [String] in
            let (old, new) = (before[member], after[member])
            let place = path + (path.isEmpty ? member.replacing("_", with: " ") : member)
            guard old.members.isEmpty || new.members.isEmpty else { return differences(old, new, under: place + ".") }
            return ["\(place) \(shown(old)) → \(shown(new))"]
        }
    }

    private func shown(_ value: JSONValue) -> String { value.text.isEmpty ? "none" : name(value) }
}
