import TestSupport
import Testing

/// Expects a complete problem document (RFC 9457).
func expectProblem(
    _ answer: TestAnswer, _ status: Int? = nil, code: String, location: SourceLocation = #_sourceLocation
) {
    guard answer["Content-Type"] == "application/problem+json" else {
        Issue.record("no problem document but \(answer.status): \(answer.text)", sourceLocation: location)
        return
    }
    if let status { #expect(answer.status == status, "\(answer.text)", sourceLocation: location) }
    #expect(answer.code == code, "\(answer.text)", sourceLocation: location)
    #expect(answer.json["type"]?.string != nil, "\(answer.text)", sourceLocation: location)
    #expect(answer.json["title"]?.string?.isEmpty == false, "\(answer.text)", sourceLocation: location)
    #expect(answer.json["status"]?.integer == Int64(answer.status), "\(answer.text)", sourceLocation: location)
    #expect(answer.json["detail"]?.string?.isEmpty == false, "\(answer.text)", sourceLocation: location)
    #expect(answer.json["instance"]?.string?.hasPrefix("/") == true, "\(answer.text)", sourceLocation: location)
}
