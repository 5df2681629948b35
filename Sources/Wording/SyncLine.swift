package import StrictJSON

/// One change of a plan as a line: `+ elton   in CN=Registry Ops,…, which feeds nerd-dinner/ops`.
package struct SyncLine: Hashable {
    /// The word of the plan: `add-to-team`.
    package let action: String
    /// `+` gives, `-` takes away, `~` changes.
    package let sign: String
    /// What the change belongs to: people, a team, an organisation, system administrators.
    package let group: String
    /// Who, and where the group does not say it, what.
    package let what: String
    package let reason: String

    package init(_ change: JSONValue) {
        action = change["action"].text
        let known = Self.actions.first { [action] in $0.name == action }
        sign = known?.sign ?? "~"
        reason = change["reason"].text.withoutControls
        let words = known == nil ? " (\(Action(unknown: action).title(1)))" : ""
        what = (Self.what(action, change) + words).withoutControls
        let (organization, team) = (change["org"].string, change["team"].string)
        group =
            switch (organization, team) {
            case (let organization?, let team?): "Team \(organization)/\(team)"
            case (let organization?, nil): "Organisation \(organization)"
            default: action.hasSuffix("system-admin") ? "System administrators" : "People"
            }
    }

    private static func what(_ action: String, _ change: JSONValue) -> String {
        let login = change["login"].text
        return switch action {
        case "create-user":
            (change["new_name"].string ?? login) + (change["active"].bool == false ? " (inactive)" : "")
        case "rename": "\(login) → \(change["new_login"].text)"
        case "update-profile": "\(login) (profile)"
        case "reactivate": "\(login) (active again)"
        case "deactivate": "\(login) (deactivated)"
        case "mark-gone": "\(login) (gone from the directory)"
        case "delete-user": "\(login) (deleted)"
        case "create-organization": "(new organisation)"
        case "create-team": "(new team)"
        case "add-to-organization" where change["role"].string == "owner", "promote-to-owner": "\(login) (owner)"
        case "demote-from-owner": "\(login) (no longer owner)"
        default: login
        }
    }

    struct Action: Hashable, Sendable {
        let name: String
        let sign: String
        private let one: String
        private let many: String

        init(_ name: String, _ sign: String, _ one: String, _ many: String) {
            self.name = name
            self.sign = sign
            self.one = one
            self.many = many
        }

        /// One that this program has no words for.
        init(unknown name: String) {
            let words = name.replacing("-", with: " ")
            self.init(name, "~", words, words)
        }

        func title(_ count: Int) -> String { count == 1 ? one : many }
    }

    /// In the order in which they are counted out.
    static let actions = [
        Action("create-user", "+", "account created", "accounts created"),
        Action("create-organization", "+", "organisation made", "organisations made"),
        Action("create-team", "+", "team made", "teams made"),
        Action("mark-back", "~", "back in the directory", "back in the directory"),
        Action("reactivate", "+", "account active again", "accounts active again"),
        Action("add-to-organization", "+", "joins an organisation", "join organisations"),
        Action("add-to-team", "+", "joins a team", "join teams"),
        Action("promote-to-owner", "+", "becomes an owner", "become owners"),
        Action("promote-to-system-admin", "+", "becomes system administrator", "become system administrators"),
        Action("rename", "~", "renamed", "renamed"),
        Action("update-profile", "~", "profile updated", "profiles updated"),
        Action(
            "mark-gone", "~", "inactive account gone from the directory", "inactive accounts gone from the directory"),
        Action("demote-from-system-admin", "-", "system administrator less", "system administrators less"),
        Action("demote-from-owner", "-", "owner less", "owners less"),
        Action("remove-from-team", "-", "leaves a team", "leave teams"),
        Action("remove-from-organization", "-", "leaves an organisation", "leave organisations"),
        Action("deactivate", "-", "account deactivated", "accounts deactivated"),
        Action(
            "deprovision", "-", "gone for good, loses what rested", "gone for good, lose what rested"),
        Action("delete-user", "-", "account deleted", "accounts deleted"),
    ]
}
