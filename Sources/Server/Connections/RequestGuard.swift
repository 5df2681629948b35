import AccessModel
import Foundation
import HTTPSupport
import NIOCore
import NIOHTTP1
import StrictJSON

/// Holds the requests of a connection to their time and size, whatever the handlers do:
/// - a request with its body arrives within `RequestTime.limit`, or gets 408 and the connection is closed;
/// - a request that is answered before its body has arrived is not read to its end, unless little is left;
/// - work whose client has left ends, if it asked to know (`ClientPresence`);
/// - a client that takes nothing of its answer for a minute is cut off;
/// - a connection that the client wants to end with an answer ends with it, also where HTTP/1.0 implies that;
/// - a request of HTTP/1.1 names its host once (RFC 9112, 3.2), or gets 400.
final class RequestGuard: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    private enum State {
        case open
        /// The answer says that the connection ends, and is being written.
        case closing
        /// The answer is written. What still comes is thrown away for a moment: a connection that is closed with
        /// something unread is reset, and the client would not see the answer.
        case lingering(left: Int)
    }

    /// What may be left of an answered request's body for the connection to go on.
    private static let smallRest = 1 << 16
    private static let lingerBytes = 1 << 20
    private static let lingerTime = TimeAmount.seconds(1)
    private static let stallTime = TimeAmount.seconds(60)
    /// For a client that holds up the end of the service.
    private static let farewellTime = TimeAmount.seconds(1)
    /// Requests that may be sent ahead of their answers. A packet holds thousands, and each would be kept.
    private static let pipelineLimit = 32

    private let gate: ConnectionGate
    private var state = State.open
    private var underway = 0
    private var isReceiving = false
    /// Whether a request was refused while others were being answered: nothing behind it counts.
    private var isRefusing = false
    /// Of the body that is being received; nil if nobody says.
    private var rest: Int?
    /// Whether the client wants the connection to end with the answer.
    private var isLast = false
    /// Whether the client was too slow.
    private var hasExpired = false
    /// Whether the client has ended its side of the connection.
    private var hasEnded = false
    /// Of the client whose request is worked on, if that is to know.
    private var presence: ClientPresence?
    private var deadline: Scheduled<Void>?
    private var stall: Scheduled<Void>?

    init(gate: ConnectionGate) { self.gate = gate }

    // MARK: Requests

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if case .lingering(let left) = state { return discard(data, left, context) }
        guard case .open = state, !isRefusing else { return }
        switch unwrapInboundIn(data) {
        case .head(let head):
            guard underway < Self.pipelineLimit else {
                state = .closing
                return context.close(promise: nil)
            }
            guard Self.hasOneHost(head) else {
                return refuse(context, "send the header Host once (RFC 9112, 3.2)", field: "Host")
            }
            guard head.headers["transfer-encoding"].allSatisfy({ $0.lowercased() == "chunked" }) else {
                return refuse(
                    context, "send the body plainly or in chunks (RFC 9112, 6.1)", field: "Transfer-Encoding",
                    status: .notImplemented)
            }
            guard head.headers.allSatisfy({ StreamSafeText.isSafe($0.value.utf8) }) else {
                return refuse(context, StreamSafeText.refusal, field: nil)
            }
            isReceiving = true
            rest = head.headers.first(name: "content-length").flatMap { Int($0) }
            isLast = !head.isKeepAlive
            begin(context)
            wait(context, for: RequestTime.limit)
            invite(context, head)
        case .body(let bytes):
            rest = rest.map { $0 - bytes.readableBytes }
        case .end:
            isReceiving = false
            deadline?.cancel()
            if underway == 1 { gate.beginWork(on: context.channel) }
        }
        context.fireChannelRead(data)
    }

    /// Tells a client that waits for it to send the body (RFC 9110, 10.1.1). Who may not send it is told at the end of
    /// what was sent by then.
    private func invite(_ context: ChannelHandlerContext, _ head: HTTPRequestHead) {
        guard underway == 1, head.version == .http1_1,
            head.headers["expect"].contains(where: { $0.lowercased() == "100-continue" })
        else { return }
        context.writeAndFlush(wrapOutboundOut(.head(.init(version: .http1_1, status: .continue))), promise: nil)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        context.fireChannelReadComplete()
        if case .lingering = state { context.read() }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case let more as RequestTime.Extension:
            if isReceiving { wait(context, for: more.time) }
        case let presence as ClientPresence:
            if hasEnded { presence.leave() } else { self.presence = presence }
        case is ChannelShouldQuiesceEvent:
            // The service ends: whoever has not sent a request by now, or takes no answer, is not waited for.
            if isReceiving || !context.channel.isWritable { wait(context, for: Self.farewellTime) }
            context.fireUserInboundEventTriggered(event)
        case ChannelEvent.inputClosed:
            leave()
            context.fireUserInboundEventTriggered(event)
        default:
            context.fireUserInboundEventTriggered(event)
        }
    }

    /// Clients that end their side are taken to have left: those that only have nothing more to say are few.
    private func leave() {
        hasEnded = true
        presence?.leave()
        presence = nil
    }

    private func begin(_ context: ChannelHandlerContext) {
        underway += 1
        if underway == 1 { gate.beginRequest(on: context.channel) }
    }

    private func wait(_ context: ChannelHandlerContext, for time: TimeAmount) {
        deadline?.cancel()
        let context = NIOLoopBound(context, eventLoop: context.eventLoop)
        let handler = NIOLoopBound(self, eventLoop: context.value.eventLoop)
        deadline = context.value.eventLoop.scheduleTask(in: time) { handler.value.expire(context.value) }
    }

    private func expire(_ context: ChannelHandlerContext) {
        // Whoever reads the body gets this error, and answers 408; whoever has answered gets a closed connection.
        guard isReceiving, !hasExpired, case .open = state else { return context.close(promise: nil) }
        hasExpired = true
        context.fireErrorCaught(RequestTimeExceeded())
        wait(context, for: RequestTime.limit)
    }

    // MARK: Answers

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(var head) where head.status.code >= 200 && endsConnection:
            state = .closing
            head.headers.replaceOrAdd(name: "connection", value: "close")
            context.write(wrapOutboundOut(.head(head)), promise: promise)
        case .end:
            // A request that cannot be parsed is answered without having begun.
            underway = max(0, underway - 1)
            presence = nil
            if underway == 0 { gate.endRequest(on: context.channel) }
            if underway == 0, isRefusing { state = .closing }
            guard case .closing = state else { return context.write(data, promise: promise) }
            context.write(data, promise: promise)
            linger(context)
        default:
            context.write(data, promise: promise)
        }
    }

    /// Whether nothing may follow the answer to the newest request: so much of it is left to come, or it is the last.
    private var endsConnection: Bool {
        underway == 1 && (isLast || hasExpired || isReceiving && (rest ?? .max) > Self.smallRest)
    }

    private func linger(_ context: ChannelHandlerContext) {
        state = .lingering(left: Self.lingerBytes)
        context.flush()
        context.close(mode: .output, promise: nil)
        context.read()
        deadline?.cancel()
        let context = NIOLoopBound(context, eventLoop: context.eventLoop)
        deadline = context.value.eventLoop.scheduleTask(in: Self.lingerTime) { context.value.close(promise: nil) }
    }

    private func discard(_ data: NIOAny, _ left: Int, _ context: ChannelHandlerContext) {
        guard case .body(let bytes) = unwrapInboundIn(data) else { return }
        guard bytes.readableBytes < left else { return context.close(promise: nil) }
        state = .lingering(left: left - bytes.readableBytes)
    }

    /// A request that cannot be parsed is answered as all others are.
    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let error = error as? HTTPParserError, case .open = state, underway == 0, !isRefusing else {
            return context.fireErrorCaught(error)
        }
        let status: HTTPResponseStatus =
            switch error {
            case .headerOverflow: .requestHeaderFieldsTooLarge
            case .invalidVersion: .httpVersionNotSupported
            default: .badRequest
            }
        refuse(context, "this is no request of HTTP/1.1 (RFC 9112): \(error)", field: nil, status: status)
    }

    private func refuse(
        _ context: ChannelHandlerContext, _ detail: String, field: String?, status: HTTPResponseStatus = .badRequest
    ) {
        guard underway == 0 else {
            // An answer now would be taken for that to a request before. The connection ends behind those.
            isRefusing = true
            return
        }
        state = .closing
        let problem: JSONValue = [
            "type": "about:blank", "title": .string(status.reasonPhrase), "status": JSONValue(Int64(status.code)),
            "code": "invalid", "detail": .string(detail), "instance": "", "field": JSONValue(field),
        ]
        let body = problem.serialized
        let headers: HTTPHeaders = [
            "content-type": "application/problem+json", "content-length": "\(body.utf8.count)", "connection": "close",
            "date": Date().formatted(Self.dateFormat),
        ]
        context.write(
            wrapOutboundOut(.head(.init(version: .http1_1, status: status, headers: headers))), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: body)))), promise: nil)
        context.write(wrapOutboundOut(.end(nil)), promise: nil)
        linger(context)
    }

    /// IMF-fixdate (RFC 9110, 5.6.7).
    private static let dateFormat = Date.VerbatimFormatStyle(
        format: """
            \(weekday: .abbreviated), \(day: .twoDigits) \(month: .abbreviated) \(year: .defaultDigits) \
            \(hour: .twoDigits(clock: .twentyFourHour, hourCycle: .zeroBased)):\(minute: .twoDigits):\(second: .twoDigits) GMT
            """, locale: Locale(identifier: "en_US_POSIX"), timeZone: .gmt, calendar: Calendar(identifier: .gregorian))

    /// One host, with a port if need be (RFC 9112, 3.2).
    private static func hasOneHost(_ head: HTTPRequestHead) -> Bool {
        let hosts = head.headers["host"]
        guard hosts.count == 1 else { return hosts.isEmpty && head.version.major == 1 && head.version.minor == 0 }
        return hosts[0].utf8.allSatisfy { byte in
            switch byte {
            case 0...0x20, 0x7F, UInt8(ascii: "/"), UInt8(ascii: "?"), UInt8(ascii: "#"), UInt8(ascii: "@"),
                UInt8(ascii: "\\"), UInt8(ascii: "\""), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "^"),
                UInt8(ascii: "`"), UInt8(ascii: "{"), UInt8(ascii: "|"), UInt8(ascii: "}"):
                false
            default: true
            }
        }
    }

    // MARK: Clients that take nothing

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        context.fireChannelWritabilityChanged()
        stall?.cancel()
        guard !context.channel.isWritable else { return }
        let context = NIOLoopBound(context, eventLoop: context.eventLoop)
        stall = context.value.eventLoop.scheduleTask(in: Self.stallTime) { context.value.close(promise: nil) }
    }

    func channelInactive(context: ChannelHandlerContext) {
        leave()
        deadline?.cancel()
        stall?.cancel()
        context.fireChannelInactive()
    }
}
