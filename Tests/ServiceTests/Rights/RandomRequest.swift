import AccessModel
import ReferenceModel
import TestSupport

/// A request that somebody might try, with names that mostly exist.
struct RandomRequest: CustomStringConvertible {
    private static let deck = RandomOperation.all.flatMap { Array(repeating: $0, count: $0.weight) }

    let operation: String
    let method: String
    let path: String
    let body: JSONValue?
    /// Whose secret the answer holds, if it is a success.
    let lends: TokenHolder?

    var description: String { "\(method) \(path) \((try? body?.text) ?? "")" }

    static func next(
        in world: World, tokens: [AccessToken], by actor: Principal, using random: inout SplitMix64
    ) -> RandomRequest {
        guard let operation = random.pick(deck) else { preconditionFailure("there are no operations") }
        var names = RandomNames(world: world, tokens: tokens, actor: actor, template: operation.name, random: random)
        let words = operation.name.split(separator: " ").map(String.init)
        let path = names.fill(words[1])
        let body = operation.body(&names)
        random = names.random
        let isMinting = words[0] == "POST" && (words[1].hasSuffix("/tokens") || words[1].hasSuffix("/rotate"))
        return RandomRequest(
            operation: operation.name, method: words[0], path: path, body: body, lends: isMinting ? names.holder : nil)
    }
}
