import AccessModel
import StrictJSON

struct TeamLine: ImportLine {
    static let kind = "team"

    let organization: AccountName
    let name: TeamName
    let fields: TeamFields

    init(_ line: inout JSONMembers) throws(JSONError) {
        organization = try line.required(AccountName.self, "org")
        name = try line.required(TeamName.self, "name")
        fields = try TeamFields(&line)
    }

    private init(_ team: Team, of organization: AccountName, below parent: TeamName?) {
        (self.organization, name) = (organization, team.name)
        var fields = TeamFields(of: team)
        fields.parent = .some(parent)
        self.fields = fields
    }

    var members: [JSONValue.Member] { [.init("org", organization), .init("name", name)] + fields.members }

    var namespace: AccountName? { organization }

    func put(in context: WriteContext) throws(AccessError) {
        if try context.row(ofTeam: name, in: try context.organization(organization).value.id) != nil {
            _ = try UpdateTeam(organization: organization, name: name, fields: fields).perform(in: context)
        } else {
            _ = try CreateTeam(organization: organization, name: name, fields: fields).perform(in: context)
        }
    }

    static func forEach(in export: ExportedWorld, _ write: (Self) throws(AccessError) -> Void) throws(AccessError) {
        for organization in export.organizations {
            let teams = try export.reader.teams(of: organization.id, .all).map(\.value)
            let names = Dictionary(uniqueKeysWithValues: teams.map { ($0.id, $0.name) })
            for team in parentsFirst(teams) {
                try write(Self(team, of: organization.name, below: team.parent.flatMap { names[$0] }))
            }
        }
    }

    private static func parentsFirst(_ teams: [Team]) -> [Team] {
        var sorted: [Team] = []
        var known: Set<TeamID> = []
        var left = teams
        while !left.isEmpty {
            let ready = left.filter { $0.parent.map(known.contains) ?? true }
            guard !ready.isEmpty else { return sorted + left }
            sorted += ready
            known.formUnion(ready.map(\.id))
            left.removeAll { known.contains($0.id) }
        }
        return sorted
    }
}
