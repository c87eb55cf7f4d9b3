/// Where a server listens and how to sign in there.
public struct BenchAddress: Sendable, Equatable {
    /// The socket.
    public enum Place: Sendable, Equatable {
        /// A host name or address, and a port.
        case tcp(host: String, port: UInt16)
        /// The path of a local socket.
        case unix(path: String)
    }

    /// The socket.
    public var place: Place
    /// The user for AUTH, if not the default one.
    public var user: String?
    /// The password for AUTH, if one is needed.
    public var password: String?
    /// The number of the database.
    public var database: Int

    /// An address; without a password no AUTH is sent.
    public init(_ place: Place, user: String? = nil, password: String? = nil, database: Int = 0) {
        self.place = place
        self.user = user
        self.password = password
        self.database = database
    }

    /// Reads `redis://[[user]:password@]host[:port][/db]`, `unix:PATH`, `unix://PATH`, and
    /// `host:port` or a path without a scheme.
    public init(parsing text: String) throws(BenchError) {
        let bad = BenchError("'\(text)' is no redis:// address, unix: path or host:port")
        for scheme in ["unix://", "redis+unix://", "unix:"] where text.hasPrefix(scheme) {
            let path = String(text.dropFirst(scheme.count))
            guard !path.isEmpty else { throw bad }
            self.init(.unix(path: path))
            return
        }
        if text.hasPrefix("/") || text.hasPrefix("./") {
            self.init(.unix(path: text))
            return
        }
        var rest = Substring(text)
        if rest.hasPrefix("redis://") || rest.hasPrefix("valkey://") {
            rest = rest.drop { $0 != "/" }.dropFirst(2)
        }
        self.init(.tcp(host: "127.0.0.1", port: 6379))
        if let at = rest.lastIndex(of: "@") {
            let login = rest[..<at]
            rest = rest[rest.index(after: at)...]
            guard let colon = login.firstIndex(of: ":") else { throw bad }
            user = colon == login.startIndex ? nil : String(login[..<colon])
            password = String(login[login.index(after: colon)...])
        }
        if let slash = rest.firstIndex(of: "/") {
            let number = rest[rest.index(after: slash)...]
            rest = rest[..<slash]
            if !number.isEmpty {
                guard let value = Int(number), value >= 0 else { throw bad }
                database = value
            }
        }
        place = try Self.hostAndPort(rest, bad)
    }

    private static func hostAndPort(
        _ text: Substring, _ bad: BenchError
    ) throws(BenchError) -> Place {
        var host = text
        var port: UInt16 = 6379
        if text.hasPrefix("[") {
            guard let close = text.firstIndex(of: "]") else { throw bad }
            host = text[text.index(after: text.startIndex)..<close]
            let tail = text[text.index(after: close)...]
            if !tail.isEmpty {
                guard tail.hasPrefix(":"), let value = UInt16(tail.dropFirst()) else { throw bad }
                port = value
            }
        } else if let colon = text.lastIndex(of: ":") {
            guard let value = UInt16(text[text.index(after: colon)...]) else { throw bad }
            host = text[..<colon]
            port = value
        }
        guard !host.contains(where: { $0 == " " || $0 == "/" || $0 == ":" }) || text.hasPrefix("[")
        else { throw bad }
        return .tcp(host: host.isEmpty ? "127.0.0.1" : String(host), port: port)
    }
}

extension BenchAddress: CustomStringConvertible {
    /// The address without its password.
    public var description: String {
        switch place {
        case .unix(let path): "unix:\(path)"
        case .tcp(let host, let port):
            "redis://\(host.contains(":") ? "[\(host)]" : host):\(port)"
                + (database == 0 ? "" : "/\(database)")
        }
    }

    var isUnix: Bool {
        if case .unix = place { true } else { false }
    }
}
