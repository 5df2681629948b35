import HTTPSupport
import Logging
import NIOCore
import NIOEmbedded
import NIOHTTP1
import Testing

@testable import Server

/// What happens on a connection whose client does not keep to the rules, on a clock that the tests move.
@Suite struct RequestGuardTests {
    private let channel: EmbeddedChannel

    init() throws {
        let gate = ConnectionGate(
            limit: 10, trusted: [], logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        channel = EmbeddedChannel(handlers: [HalfClosure(), RequestGuard(gate: gate)])
        try channel.connect(to: SocketAddress(ipAddress: "192.0.2.1", port: 1)).wait()
    }

    private func begin(
        _ method: HTTPMethod = .POST, _ headers: HTTPHeaders = ["host": "a", "content-length": "100000"],
        version: HTTPVersion = .http1_1
    ) throws {
        try channel.writeInbound(
            HTTPServerRequestPart.head(.init(version: version, method: method, uri: "/token", headers: headers)))
    }

    private func send(_ count: Int) throws {
        try channel.writeInbound(HTTPServerRequestPart.body(ByteBuffer(repeating: 0x61, count: count)))
    }

    private func end() throws { try channel.writeInbound(HTTPServerRequestPart.end(nil)) }

    /// Writes an answer, and tells what its header `Connection` says in the end.
    private func answer(_ status: HTTPResponseStatus) throws -> String? {
        channel.write(HTTPServerResponsePart.head(.init(version: .http1_1, status: status)), promise: nil)
        channel.writeAndFlush(HTTPServerResponsePart.end(nil), promise: nil)
        guard case .head(let head)? = try channel.readOutbound(as: HTTPServerResponsePart.self) else { return nil }
        _ = try channel.readOutbound(as: HTTPServerResponsePart.self)
        return head.headers.first(name: "connection")
    }

    private func pass(_ time: TimeAmount) { channel.embeddedEventLoop.advanceTime(by: time) }

    @Test func `a body that comes in a byte at a time is cut off after half a minute, however steadily it comes`()
        throws
    {
        try begin()
        for _ in 1...29 {
            try send(1)
            pass(.seconds(1))
        }
        try channel.throwIfErrorCaught()
        pass(.seconds(1))
        #expect(throws: RequestTimeExceeded.self) { try channel.throwIfErrorCaught() }
        #expect(try answer(.requestTimeout) == "close")
        #expect(channel.isActive)
        pass(.seconds(1))
        #expect(!channel.isActive)
    }

    @Test func `whoever gives no answer to a slow client does not keep its connection`() throws {
        try begin()
        pass(.seconds(30))
        #expect(throws: RequestTimeExceeded.self) { try channel.throwIfErrorCaught() }
        pass(.seconds(30))
        #expect(!channel.isActive)
    }

    @Test func `a caller who may send much has the time for it`() throws {
        try begin()
        channel.pipeline.fireUserInboundEventTriggered(RequestTime.Extension(time: .hours(1)))
        pass(.minutes(59))
        try channel.throwIfErrorCaught()
        try end()
        pass(.hours(2))
        try channel.throwIfErrorCaught()
        #expect(try answer(.ok) == nil)
        #expect(channel.isActive)
    }

    @Test func `a body that is in time leaves no deadline behind`() throws {
        try begin()
        try send(10)
        try end()
        pass(.minutes(5))
        try channel.throwIfErrorCaught()
        #expect(try answer(.ok) == nil)
        #expect(channel.isActive)
    }

    @Test func `what follows a refusal is not read to its end`() throws {
        try begin(.POST, ["host": "a", "content-length": "400000000"])
        try send(1_000)
        #expect(try answer(.unauthorized) == "close")
        while try channel.readInbound(as: HTTPServerRequestPart.self) != nil { continue }
        for _ in 1...15 { try send(1 << 16) }
        #expect(try channel.readInbound(as: HTTPServerRequestPart.self) == nil, "nobody gets what is thrown away")
        #expect(channel.isActive, "the client still has a moment to read its answer")
        try send(1 << 17)
        #expect(!channel.isActive)
    }

    @Test func `a refusal before the little that is left does not end the connection`() throws {
        try begin(.POST, ["host": "a", "content-length": "2000"])
        #expect(try answer(.unauthorized) == nil)
        try send(2_000)
        try end()
        try begin(.GET, ["host": "a"])
        try end()
        #expect(try answer(.ok) == nil)
        #expect(channel.isActive)
    }

    @Test func `of two requests at once the answer to the first does not end the second`() throws {
        try begin(.GET, ["host": "a"])
        try end()
        try begin(.POST, ["host": "a", "content-length": "400000"])
        #expect(try answer(.ok) == nil)
        #expect(try answer(.unauthorized) == "close")
    }

    @Test(
        arguments: [
            (["host": "a"], HTTPVersion.http1_1, true), ([:], .http1_1, false), ([:], .http1_0, true),
            (["host": "a"], .http1_0, true),
        ] as [(HTTPHeaders, HTTPVersion, Bool)])
    func `a request names its host`(headers: HTTPHeaders, version: HTTPVersion, isTaken: Bool) throws {
        try begin(.GET, headers, version: version)
        #expect((try channel.readInbound(as: HTTPServerRequestPart.self) != nil) == isTaken)
        guard !isTaken else { return }
        guard case .head(let head)? = try channel.readOutbound(as: HTTPServerResponsePart.self) else {
            Issue.record("there is no answer")
            return
        }
        #expect(head.status == .badRequest)
    }

    @Test func `a request that is refused does not overtake the answers before it`() throws {
        try begin(.GET, ["host": "a"])
        try end()
        try begin(.GET, [:])
        try end()
        #expect(try channel.readOutbound(as: HTTPServerResponsePart.self) == nil)
        _ = try answer(.ok)
        pass(.seconds(1))
        #expect(!channel.isActive, "the connection ends behind the answer")
    }

    @Test func `thousands of requests ahead of their answers end the connection`() throws {
        for _ in 1...32 {
            try begin(.GET, ["host": "a"])
            try end()
        }
        #expect(channel.isActive)
        try begin(.GET, ["host": "a"])
        #expect(!channel.isActive)
    }

    @Test func `a client that waits for it is invited to send its body`() throws {
        try begin(.POST, ["host": "a", "content-length": "10", "expect": "100-continue"])
        guard case .head(let head)? = try channel.readOutbound(as: HTTPServerResponsePart.self) else {
            Issue.record("there is no invitation")
            return
        }
        #expect(head.status == .continue)
    }

    @Test func `a request that is not all there does not hold up the end of the service`() throws {
        try begin()
        channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
        pass(.seconds(1))
        #expect(throws: RequestTimeExceeded.self) { try channel.throwIfErrorCaught() }
        #expect(try answer(.requestTimeout) == "close")
        pass(.seconds(1))
        #expect(!channel.isActive)
    }

    @Test func `two hosts are none`() throws {
        var headers: HTTPHeaders = ["host": "a"]
        headers.add(name: "Host", value: "b")
        try begin(.GET, headers)
        #expect(try channel.readInbound(as: HTTPServerRequestPart.self) == nil)
    }

    @Test(
        arguments: [
            (HTTPVersion.http1_1, "close", "close"), (.http1_1, "Close", "close"), (.http1_1, nil, nil),
            (.http1_0, nil, "close"), (.http1_0, "keep-alive", nil),
        ] as [(HTTPVersion, String?, String?)])
    func `a connection goes on as long as the client wants`(
        version: HTTPVersion, asked: String?, answered: String?
    ) throws {
        var headers: HTTPHeaders = ["host": "a"]
        if let asked { headers.add(name: "connection", value: asked) }
        try begin(.GET, headers, version: version)
        try end()
        #expect(try answer(.ok) == answered)
        pass(.seconds(1))
        #expect(channel.isActive == (answered == nil))
    }
}

/// Ends one half of a connection as sockets do: this channel would end the whole.
private final class HalfClosure: ChannelOutboundHandler {
    typealias OutboundIn = HTTPServerResponsePart

    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        if mode == .output { promise?.succeed() } else { context.close(mode: mode, promise: promise) }
    }
}
