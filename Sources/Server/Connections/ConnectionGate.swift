import AccessControl
import HTTPSupport
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import Synchronization

/// Keeps the number of connections below what the process can have, and fair among addresses.
final class ConnectionGate: Sendable {
    private struct State {
        var table: ConnectionTable<ObjectIdentifier>
        var channels: [ObjectIdentifier: any Channel] = [:]
        var closed = 0
        var nextWarning = ContinuousClock.now
    }

    private let state: Mutex<State>
    private let trusted: [AddressRange]
    private let logger: Logger

    /// - Parameter trusted: proxies, which speak for many and have no limit of their own.
    init(limit: Int, addressLimit: Int = 256, trusted: [AddressRange], logger: Logger) {
        state = Mutex(State(table: ConnectionTable(limit: limit, addressLimit: addressLimit)))
        self.trusted = trusted
        self.logger = logger
    }

    var isFull: Bool { state.withLock { $0.table.count >= $0.table.limit } }

    /// Takes in a connection, and closes those that have to make room for it.
    /// - Returns: false where the new one is closed itself.
    func open(_ channel: any Channel) -> Bool {
        let id = ObjectIdentifier(channel)
        let address = channel.remoteAddress?.ipAddress
        let isProxy = address.map { address in trusted.contains { $0.contains(address) } } ?? false
        let network = isProxy ? nil : address.flatMap(ClientAddress.network)
        let closed: [any Channel] = state.withLock { state in
            state.channels[id] = channel
            return state.table.open(id, from: network).compactMap { state.channels.removeValue(forKey: $0) }
        }
        if let count = warning(about: closed.count) {
            logger.warning(
                "connections were closed to make room for others",
                metadata: ["connections": "\(count)", "last_address": "\(address ?? "unknown")"])
        }
        let isOpen = !closed.contains { $0 === channel }
        for channel in closed { channel.close(promise: nil) }
        if isOpen { channel.closeFuture.whenComplete { _ in self.close(id) } }
        return isOpen
    }

    func beginRequest(on channel: any Channel) {
        state.withLock { $0.table.beginRequest(on: ObjectIdentifier(channel)) }
    }

    /// The request has arrived.
    func beginWork(on channel: any Channel) {
        state.withLock { $0.table.beginWork(on: ObjectIdentifier(channel)) }
    }

    func endRequest(on channel: any Channel) {
        state.withLock { $0.table.endRequest(on: ObjectIdentifier(channel)) }
    }

    private func close(_ id: ObjectIdentifier) {
        state.withLock { state in
            state.table.close(id)
            state.channels[id] = nil
        }
    }

    /// How many were closed since it was said last; nil within the same minute.
    private func warning(about count: Int) -> Int? {
        guard count > 0 else { return nil }
        return state.withLock { state -> Int? in
            state.closed += count
            guard state.nextWarning <= .now else { return nil }
            state.nextWarning = .now + .seconds(60)
            defer { state.closed = 0 }
            return state.closed
        }
    }
}

/// Stops accepting while the gate is full: what waits then waits in the kernel.
struct AcceptsWhileNotFull: AvailableConnectionsDelegate {
    let gate: ConnectionGate

    func connectionOpened() {}
    func connectionClosed() {}
    func isAcceptingNewConnections() -> Bool { !gate.isFull }
}

/// A connection that passes the gate, and whose requests are held to their time.
struct GatedChannel<Base: ServerChildChannel>: ServerChildChannel {
    let base: Base
    let gate: ConnectionGate

    struct Refused: Error {}

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Base.Value> {
        guard gate.open(channel) else { return channel.eventLoop.makeFailedFuture(Refused()) }
        return base.setup(channel: channel, logger: logger).flatMapThrowing { value in
            let pipeline = channel.pipeline.syncOperations
            let decoder = try pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self)
            try pipeline.addHandler(RequestGuard(gate: gate), position: .after(decoder))
            return value
        }
    }

    func handle(value: Base.Value, logger: Logger) async { await base.handle(value: value, logger: logger) }
}
