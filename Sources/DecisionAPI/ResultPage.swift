import AccessControl
import AccessModel
import Foundation
import StrictJSON

/// What of a search's results one answer has (AuthZEN 1.0 section 8.2).
struct ResultPage {
    /// nil without `page`: all of them.
    private let limit: Int?
    /// The key of the last result of the page before.
    private let last: String?
    /// Of everything that the results depend on: a token is good for one question.
    private let question: String

    private static let most = 1_000

    /// - Parameter asked: what is searched for.
    init(_ body: SearchBody, of asked: [String]) throws {
        let moment = [body.context?.asOf ?? ""]
        question = Self.digest((asked + moment).map { "\($0.utf8.count):\($0)" }.joined())
        guard let page = body.page else {
            (limit, last) = (nil, nil)
            return
        }
        if let limit = page.limit, limit < 0 {
            throw AccessError.invalid(field: "page.limit", value: String(limit), reason: "use 0 or more")
        }
        limit = min(page.limit ?? Self.most, Self.most)
        guard let token = page.token, !token.isEmpty else {
            last = nil
            return
        }
        guard let data = Data(base64Encoded: token), let text = String(data: data, encoding: .utf8),
            text.hasPrefix(question + " ")
        else {
            throw AccessError.invalid(
                field: "page.token", value: token,
                reason: "use the next_token of the page before, with the same question")
        }
        last = String(text.dropFirst(question.count + 1))
    }

    /// No results, and what of the question is not there.
    func nothing(but missing: MissingName? = nil) -> JSONValue {
        let context = JSONValue.context(missing: [missing])
        let none: [(String, JSONValue?)] = [("results", []), ("page", limit.map { _ in Self.page("", 0, 0) })]
        return JSONValue(members: none + (context.isEmpty ? [] : [("context", JSONValue(members: context))]))
    }

    /// One page of the results. What changes in between neither repeats nor hides another.
    /// - Parameter key: ascends, or is one of few and does not change.
    func results<Result>(
        _ all: [Result], key: (Result) -> String, _ json: (Result) throws -> JSONValue
    ) rethrows -> JSONValue {
        guard let limit else { return ["results": .array(try all.map(json))] }
        let start =
            last.map { last in
                all.firstIndex { key($0) == last }.map { $0 + 1 } ?? all.firstIndex { key($0) > last } ?? all.count
            } ?? 0
        let shown = all[start..<min(start + limit, all.count)]
        // A page of nothing is the last one, lest a client go on for ever.
        let next = shown.endIndex < all.count ? shown.last.map { token(key($0)) } ?? "" : ""
        return [
            "results": .array(try shown.map(json)), "page": Self.page(next, shown.count, all.count),
        ]
    }

    private func token(_ last: String) -> String { Data("\(question) \(last)".utf8).base64EncodedString() }

    private static func page(_ next: String, _ count: Int, _ total: Int) -> JSONValue {
        ["next_token": .string(next), "count": JSONValue(Int64(count)), "total": JSONValue(Int64(total))]
    }

    /// FNV-1a: against a token that is used with another question by mistake.
    private static func digest(_ text: String) -> String {
        String(text.utf8.reduce(UInt64(0xCBF2_9CE4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }, radix: 36)
    }
}
