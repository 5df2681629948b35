public import AccessControl
public import HTTPSupport
public import Hummingbird

/// The administration API, `/v1`. Handlers decode, call a use case, and encode.
public struct RESTAPI: Sendable {
    let service: AccessService

    public init(service: AccessService) { self.service = service }

    public func mount(on router: Router<APIContext>) {
        let v1 = routes(on: router, AuthenticationMiddleware(service: service, acceptsAgents: false))
        addCurrentToken(to: routes(on: router, AuthenticationMiddleware(service: service, acceptsLimitedTokens: true)))
        addUsers(to: v1)
        addTokens(to: v1)
        addServiceAccounts(to: v1)
        addOrganizations(to: v1)
        addOrganizationMembers(to: v1)
        addTeams(to: v1)
        addTeamMembers(to: v1)
        addRepositories(to: v1)
        addNamespaces(to: v1)
        addGrants(to: v1)
        addRoles(to: v1)
        addCollections(to: v1)
        addControlGrants(to: v1)
        addSites(to: v1)
        addPlacements(to: v1)
        addChanges(to: v1)
        addAccess(to: v1)
        addImportAndExport(to: v1)
        addDirectories(to: v1)
        addDirectoryLinks(to: v1)
        addSyncRuns(to: v1)
        addRegistry(to: v1)
    }

    private func routes(on router: Router<APIContext>, _ authentication: AuthenticationMiddleware) -> Routes {
        Routes(router.group("v1").add(middleware: authentication).group(context: AuthenticatedContext.self), service)
    }
}
