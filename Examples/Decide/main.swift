// Decides without a service: the model is a library of its own, `AccessModel`.
import AccessModel

func name(_ text: String) throws -> AccountName { try AccountName(text) }

var ids = IdentifierSource(now: Timestamp(seconds: 1_772_366_400))
let elton = Account(id: ids.next(), kind: .user, name: try name("elton"))
let nerdDinner = Account(id: ids.next(), kind: .organization, name: try name("nerd-dinner"))
let ops = Team(id: ids.next(), organization: nerdDinner.id, name: try TeamName("ops"))
let web = Repository(id: ids.next(), namespace: nerdDinner.id, name: "nerd-dinner-web")

// In this order: accounts, memberships, teams, repositories, grants.
let graph = try AccessGraph(
    facts: [
        .account(elton), .account(nerdDinner),
        .organizationMember(OrganizationMember(organization: nerdDinner.id, user: elton.id, role: .member)),
        .team(ops), .teamMember(TeamMember(team: ops.id, user: elton.id, role: .member)), .repository(web),
        .grant(Grant(subject: .team(ops.id), target: .repository(web.id), level: .readWrite)),
    ], revision: 1)

let path = try RepositoryPath("nerd-dinner/nerd-dinner-web")
let now = Timestamp(seconds: 1_772_366_400)
for action in [Action.push, .manageAccess] {
    let decision = graph.explain(.user(elton.name), action, path, at: now)
    print("elton \(action.rawValue) \(path): \(decision.isAllowed ? "allowed" : "denied")")
    for reason in decision.reasons { print("  \(reason.description)") }
}
