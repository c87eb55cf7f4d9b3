import Testing

@Suite struct RealServerTests {
    @Test(.enabled(if: RealServer.isInstalled, Comment(rawValue: RealServer.notice)))
    func startsAnswersAndStops() throws {
        let server = try RealServer(options: ["--databases", "4"])
        let connection = try server.connect()
        #expect(try connection.call(["PING"]) == Array("+PONG\r\n".utf8))
        #expect(try connection.value("CONFIG", "GET", "databases")["databases"]?.text == "4")
        try connection.send(Array("PING\r\nECHO hi\r\nQUIT\r\n".utf8))
        let rest = try connection.receiveUntilClosed()
        #expect(String(decoding: rest, as: UTF8.self) == "+PONG\r\n$2\r\nhi\r\n+OK\r\n")
        server.stop()
        #expect(throws: RealServerError.self) { _ = try server.connect() }
    }
}
