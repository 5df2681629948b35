/// A proxy that asks the service about each request before it lets it through, set up as Documentation/registry.md has it.
package enum ForwardProxy: String, Sendable, CaseIterable, CustomStringConvertible {
    case nginx, caddy, envoy

    package var description: String { rawValue }

    /// Starts it.
    /// - Parameters:
    ///   - port: where it listens.
    ///   - guarded: the port of what it guards.
    ///   - service: the address of the service.
    func start(port: Int, before guarded: Int, asking service: String, in folder: TemporaryFolder) async throws
        -> ServerProcess
    {
        let words: [String]
        switch self {
        case .nginx:
            let file = try folder.write(Self.nginx(port, guarded, service, folder), to: "nginx.conf")
            words = ["nginx", "-c", file, "-p", folder.root]
        case .caddy:
            let file = try folder.write(Self.caddy(port, guarded, service), to: "Caddyfile")
            // It keeps what it runs with in its home.
            words = [
                "env", "HOME=\(folder.root)", "XDG_CONFIG_HOME=\(folder.root)", "XDG_DATA_HOME=\(folder.root)",
                try Checkout.pythonTool("caddy"), "run", "--config", file, "--adapter", "caddyfile",
            ]
        case .envoy:
            let file = try folder.write(try Self.envoy(port, guarded, service), to: "envoy.yaml")
            words = [try Checkout.pythonTool("envoy"), "-c", file, "--log-level", "warn", "--use-dynamic-base-id"]
        }
        let process = try await ServerProcess.start(words, in: folder)
        try await process.waitUntilReady { Loopback.accepts("127.0.0.1", port: port) }
        return process
    }

    private static func nginx(_ port: Int, _ guarded: Int, _ service: String, _ folder: TemporaryFolder) -> String {
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
              proxy_pass http://127.0.0.1:\(guarded);
              proxy_set_header Host $http_host;
            }
            location = /authorize {
              internal;
              proxy_pass \(service)/registry/authorize;
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
        """
    }

    private static func caddy(_ port: Int, _ guarded: Int, _ service: String) -> String {
        """
        {
            admin off
            auto_https off
            persist_config off
        }
        http://127.0.0.1:\(port) {
            bind 127.0.0.1
            forward_auth \(service) {
                uri /registry/authorize
                copy_headers X-Portreeve-User
            }
            reverse_proxy 127.0.0.1:\(guarded)
        }

        """
    }

    private static func envoy(_ port: Int, _ guarded: Int, _ service: String) throws -> String {
        guard let colon = service.lastIndex(of: ":"), let servicePort = Int(service[service.index(after: colon)...])
        else { throw ServerError("the service's address has no port: \(service)") }
        func cluster(_ name: String, _ port: Int) -> String {
            """
              - name: \(name)
                type: STATIC
                load_assignment:
                  cluster_name: \(name)
                  endpoints:
                  - lb_endpoints:
                    - endpoint: {address: {socket_address: {address: 127.0.0.1, port_value: \(port)}}}
            """
        }
        return """
            static_resources:
              listeners:
              - address: {socket_address: {address: 127.0.0.1, port_value: \(port)}}
                filter_chains:
                - filters:
                  - name: envoy.filters.network.http_connection_manager
                    typed_config:
                      "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                      stat_prefix: registry
                      route_config:
                        virtual_hosts:
                        - name: registry
                          domains: ["*"]
                          routes: [{match: {prefix: /}, route: {cluster: registry}}]
                      http_filters:
                      - name: envoy.filters.http.ext_authz
                        typed_config:
                          "@type": type.googleapis.com/envoy.extensions.filters.http.ext_authz.v3.ExtAuthz
                          allowed_headers: {patterns: [{exact: authorization}, {exact: content-type}]}
                          http_service:
                            server_uri: {uri: \(service), cluster: portreeve, timeout: 5s}
                            path_prefix: /registry/authorize
                      - name: envoy.filters.http.router
                        typed_config:
                          "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router
              clusters:
            \(cluster("registry", guarded))
            \(cluster("portreeve", servicePort))

            """
    }
}
