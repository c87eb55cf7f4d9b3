import Client
import Server
import Testing

@Suite struct TargetTests {
    private func target(_ text: String) throws -> RemoteTarget {
        guard case .remote(let server) = try Target(parsing: text) else {
            throw TargetTestError.embedded
        }
        return server
    }

    enum TargetTestError: Error { case embedded }

    @Test func readsServers() throws {
        let plain = RemoteTarget(.tcp(host: "127.0.0.1", port: 6379))
        for text in ["redis://", "redis://127.0.0.1", "127.0.0.1", "127.0.0.1:6379", ":6379"] {
            #expect(try target(text) == plain, "\(text)")
        }
        #expect(
            try target("redis://ann:p%40ss@cache.local:7000/3")
                == RemoteTarget(
                    .tcp(host: "cache.local", port: 7000), user: "ann", password: "p@ss",
                    database: 3))
        #expect(try target("valkey://:pw@h").password == "pw")
        #expect(try target("redis://:pw@h").user == nil)
        #expect(try target("redis://pw@h").password == "pw")
        #expect(try target("redis://a:b@c@h").password == "b@c")
        #expect(try target("redis://[::1]:7000").place == .tcp(host: "::1", port: 7000))
        #expect(try target("redis://[::1]").name == "[::1]:6379")
        #expect(try target("redis://h?db=4").database == 4)
        #expect(try target("REDIS://h/").database == 0)
    }

    @Test func readsSockets() throws {
        for text in ["unix:/run/r.sock", "unix:///run/r.sock", "/run/r.sock"] {
            #expect(try target(text) == RemoteTarget(.unix(path: "/run/r.sock")), "\(text)")
        }
        #expect(
            try target("unix:r.sock?db=5") == RemoteTarget(.unix(path: "r.sock"), database: 5))
        #expect(try Target(parsing: "embedded") == .embedded)
    }

    @Test func saysWhatIsWrong() {
        let faults = [
            ("", "the address is empty"),
            ("http://h", "http:// is not known: use redis://, valkey:// or unix:"),
            ("rediss://h", "rediss:// asks for TLS, which Larder's client does not speak"),
            ("redis://h:0", "the port is a number from 1 to 65535, not '0'"),
            ("h:port", "the port is a number from 1 to 65535, not 'port'"),
            ("redis://h/x", "the database is a number from 0 up, not 'x'"),
            ("redis://h/-1", "the database is a number from 0 up, not '-1'"),
            ("redis://h?x=1", "after '?' only db=DATABASE is known"),
            ("redis://::1:7000", "an IPv6 address stands in brackets: [::1]:6379"),
            ("redis://[::1", "the bracket around the host is not closed"),
            ("redis://[::1]7000", "behind the host's bracket comes ':' and the port"),
            ("redis://a:%zz@h", "'%' in a user or password is followed by two hex digits"),
            ("my host", "a host has no blanks in its name"),
            ("unix:", "the path of the socket is missing"),
            (
                "/" + String(repeating: "x", count: 107),
                "the path of the socket is longer than 107 bytes"
            ),
        ]
        for (text, reason) in faults {
            do {
                let target = try Target(parsing: text)
                Issue.record("\(text) was read as \(target)")
            } catch {
                #expect(error.description == reason, "\(text)")
                #expect(!error.description.contains("secret"))
            }
        }
    }

    /// What is told of a target can be typed again, and holds no secret.
    @Test(arguments: [
        ("localhost:7000", "redis://localhost:7000"), ("embedded", "embedded"),
        ("redis://ann:secret@localhost:6380/3", "redis://localhost:6380/3"),
        ("redis://[::1]:6380", "redis://[::1]:6380"), ("/run/s", "unix:/run/s"),
        ("unix:/run/s?db=2", "unix:/run/s?db=2"),
    ])
    func anAddressCanBeTypedAgain(text: String, address: String) throws {
        #expect(try Target(parsing: text).address == address)
        #expect(try Target(parsing: address).address == address)
    }
}
