/// A proxy that asks the service about each request before it lets it through, set up as Documentation/registry.md and
/// Documentation/control-plane.md have it.
package enum ForwardProxy: String, Sendable, CaseIterable, CustomStringConvertible {
    case nginx, caddy, envoy

    package var description: String { rawValue }

    /// What it asks.
    package enum Question: Sendable {
        /// Whether a request of a registry may be made.
        case registry
        /// Whether the caller has an operation in a collection.
        case dashboard(operation: String, collection: String)
    }

    /// Starts it.
    /// - Parameters:
    ///   - port: where it listens.
    ///   - guarded: the port of what it guards.
    ///   - service: the address of the service.
    package func start(
        port: Int, before guarded: Int, asking service: String, _ question: Question = .registry,
        in folder: TemporaryFolder
    ) async throws -> ServerProcess {
        let words: [String]
        switch self {
        case .nginx:
            let file = try folder.write(Self.nginx(port, guarded, service, question, folder), to: "nginx.conf")
            words = ["nginx", "-c", file, "-p", folder.root]
        case .caddy:
            let file = try folder.write(Self.caddy(port, guarded, service, question), to: "Caddyfile")
            // It keeps what it runs with in its home.
            words = [
                "env", "HOME=\(folder.root)", "XDG_CONFIG_HOME=\(folder.root)", "XDG_DATA_HOME=\(folder.root)",
                try Checkout.pythonTool("caddy"), "run", "--config", file, "--adapter", "caddyfile",
            ]
        case .envoy:
            let file = try folder.write(try Self.envoy(port, guarded, service, question), to: "envoy.yaml")
            words = [try Checkout.pythonTool("envoy"), "-c", file, "--log-level", "warn", "--use-dynamic-base-id"]
        }
        let process = try await ServerProcess.start(words, in: folder)
        try await process.waitUntilReady { Loopback.accepts("127.0.0.1", port: port) }
        return process
    }

    private static func nginx(
        _ port: Int, _ guarded: Int, _ service: String, _ question: Question, _ folder: TemporaryFolder
    ) -> String {
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
            location \(question.location) {
              auth_request /authorize;
              proxy_pass http://127.0.0.1:\(guarded);
              auth_request_set $portreeve_user $upstream_http_x_portreeve_user;
              proxy_set_header X-Portreeve-User $portreeve_user;
              proxy_set_header Host $http_host;
            }
            location = /authorize {
              internal;
              proxy_pass \(service)\(question.address);
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

    private static func caddy(_ port: Int, _ guarded: Int, _ service: String, _ question: Question) -> String {
        """
        {
            admin off
            auto_https off
            persist_config off
        }
        http://127.0.0.1:\(port) {
            bind 127.0.0.1
            forward_auth \(service) {
                uri \(question.address)
                copy_headers X-Portreeve-User
            }
            reverse_proxy 127.0.0.1:\(guarded)
        }

        """
    }

    private static func envoy(
        _ port: Int, _ guarded: Int, _ service: String, _ question: Question
    ) throws -> String {
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
                            path_prefix: \(question.prefix)
                            authorization_request: {headers_to_add: [\(question.headers)]}
                            authorization_response: {allowed_upstream_headers: {patterns: [{exact: x-portreeve-user}]}}
                      - name: envoy.filters.http.router
                        typed_config:
                          "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router
              clusters:
            \(cluster("registry", guarded))
            \(cluster("portreeve", servicePort))

            """
    }
}

extension ForwardProxy.Question {
    /// What is guarded.
    fileprivate var location: String { if case .registry = self { "/v2/" } else { "/" } }

    /// Where the service is asked.
    fileprivate var path: String { if case .registry = self { "/registry/authorize" } else { "/access/authorize" } }

    /// Where Envoy asks, before what the client asked for.
    fileprivate var prefix: String { if case .registry = self { path } else { "\(path)/-" } }

    /// `path` with what is asked.
    fileprivate var address: String {
        guard case .dashboard(let operation, let collection) = self else { return path }
        return "\(path)?operation=\(operation)&collection=\(collection)"
    }

    /// The same for Envoy, which puts the client's own path behind ours.
    fileprivate var headers: String {
        guard case .dashboard(let operation, let collection) = self else { return "" }
        return "{key: x-portreeve-operation, value: \"\(operation)\"}, "
            + "{key: x-portreeve-collection, value: \"\(collection)\"}"
    }
}
