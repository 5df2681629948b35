import Foundation

/// Debian's nginx before a registry that asks nobody who they are: the service is asked for each request.
package final class GuardedRegistry: Sendable {
    package let port: Int
    private let folder: TemporaryFolder
    private let registry: ServerProcess
    private let nginx: ServerProcess

    package var host: String { "127.0.0.1:\(port)" }

    package static func start(askedOf installation: PortreeveInstallation) async throws -> GuardedRegistry {
        let folder = try TemporaryFolder("guarded")
        RemovalAtExit.add(folder)
        let (port, behind) = (try Loopback.freePort(), try Loopback.freePort())
        let registryFolder = try TemporaryFolder("open-registry")
        RemovalAtExit.add(registryFolder)
        let settings = try folder.write(
            """
            version: 0.1
            log: {level: warn}
            storage: {filesystem: {rootdirectory: "\(try folder.makeFolder("images"))"}, delete: {enabled: true}}
            http: {addr: "127.0.0.1:\(behind)", host: "http://127.0.0.1:\(port)", secret: "of the tests"}

            """, to: "registry.yml")
        let registry = try await ServerProcess.start(["docker-registry", "serve", settings], in: registryFolder)
        try await registry.waitUntilReady { Loopback.accepts("127.0.0.1", port: behind) }
        // As in Documentation/registry.md.
        let configuration = try folder.write(
            """
            daemon off;
            master_process off;
            pid \(folder.path("nginx.pid"));
            error_log stderr warn;
            events {}
            http {
              access_log off;
              client_max_body_size 0;
              client_body_temp_path \(folder.path("body"));
              proxy_temp_path \(folder.path("proxy"));
              fastcgi_temp_path \(folder.path("fastcgi"));
              uwsgi_temp_path \(folder.path("uwsgi"));
              scgi_temp_path \(folder.path("scgi"));
              server {
                listen 127.0.0.1:\(port);
                location /v2/ {
                  auth_request /authorize;
                  proxy_pass http://127.0.0.1:\(behind);
                  proxy_set_header Host $http_host;
                }
                location = /authorize {
                  internal;
                  proxy_pass \(installation.url)/registry/authorize;
                  proxy_pass_request_body off;
                  proxy_set_header Content-Length "";
                  proxy_set_header X-Original-Method $request_method;
                  proxy_set_header X-Original-URI $request_uri;
                  proxy_set_header X-Forwarded-Method "";
                  proxy_set_header X-Forwarded-Uri "";
                  proxy_set_header X-Forwarded-For $remote_addr;
                }
              }
            }
            """, to: "nginx.conf")
        let nginx = try await ServerProcess.start(["nginx", "-c", configuration, "-p", folder.root], in: folder)
        try await nginx.waitUntilReady { Loopback.accepts("127.0.0.1", port: port) }
        return GuardedRegistry(port: port, folder: folder, registry: registry, nginx: nginx)
    }

    private init(port: Int, folder: TemporaryFolder, registry: ServerProcess, nginx: ServerProcess) {
        self.port = port
        self.folder = folder
        self.registry = registry
        self.nginx = nginx
    }
}
