public import Hummingbird
public import StrictJSON

extension JSONValue {
    /// A response with this value as its body. Nobody keeps it, unless the headers say otherwise.
    public func response(
        status: HTTPResponse.Status = .ok, headers: HTTPFields = [:], contentType: String = "application/json"
    ) -> Response {
        var bytes: [UInt8] = []
        write(to: &bytes)
        return Response(json: bytes, status: status, headers: headers, contentType: contentType)
    }
}

extension Response {
    /// A response with JSON text as its body. Nobody keeps it, unless the headers say otherwise.
    public init(
        json bytes: [UInt8], status: HTTPResponse.Status = .ok, headers: HTTPFields = [:],
        contentType: String = "application/json"
    ) {
        var headers = headers
        headers[.contentType] = contentType
        if headers[.cacheControl] == nil { headers[.cacheControl] = "no-store" }
        self.init(status: status, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
    }
}

extension JSONValue: ResponseGenerator {
    public func response(from request: Request, context: some RequestContext) throws -> Response { response() }
}
