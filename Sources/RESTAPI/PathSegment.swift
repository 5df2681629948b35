import Foundation

extension String {
    /// As one segment of a path (RFC 3986, 3.3), its slashes written `%2F`.
    var inPathSegment: String { addingPercentEncoding(withAllowedCharacters: .pathSegment) ?? "" }
}

extension CharacterSet {
    fileprivate static let pathSegment = CharacterSet.urlPathAllowed.subtracting(CharacterSet(charactersIn: "/;%"))
}
