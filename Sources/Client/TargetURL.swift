import Bytes
public import Server

// Where commands go, as people write it: an address in the manner of redis-cli's `-u`, a Unix
// socket with its path, `host:port`, or the word `embedded` for the engine inside this process.

/// What commands are sent to.
public enum Target: Equatable, Sendable {
    /// An engine inside this process.
    case embedded
    /// A server elsewhere.
    case remote(RemoteTarget)

    /// What it is called before people, without secrets.
    public var name: String {
        switch self {
        case .embedded: "the embedded engine"
        case .remote(let server): server.name
        }
    }
}

extension Target {
    /// The address as it is typed, without user and password.
    public var address: String {
        guard case .remote(let server) = self else { return "embedded" }
        switch server.place {
        case .tcp:
            return "redis://\(server.name)" + (server.database == 0 ? "" : "/\(server.database)")
        case .unix(let path):
            return "unix:\(path)" + (server.database == 0 ? "" : "?db=\(server.database)")
        }
    }
}

/// A server, and how to sign in there.
public struct RemoteTarget: Equatable, Sendable {
    /// Where it listens.
    public var place: ServerPlace
    /// The user; nil is the default one.
    public var user: String?
    /// The password; nil signs nobody in.
    public var password: String?
    /// The database that is selected after signing in.
    public var database: Int

    /// A server.
    public init(
        _ place: ServerPlace, user: String? = nil, password: String? = nil, database: Int = 0
    ) {
        self.place = place
        self.user = user
        self.password = password
        self.database = database
    }

    /// The place as the prompt shows it, without secrets.
    public var name: String {
        switch place {
        case .tcp(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        case .unix(let path): path
        }
    }
}

/// Why an address cannot be read, in words for the person who wrote it.
public struct TargetError: Error, Equatable, CustomStringConvertible {
    /// The reason, without the address: it may hold a password.
    public let description: String

    init(_ description: String) { self.description = description }
}

extension Target {
    /// Reads an address:
    ///
    /// - `redis://[[user:]password@]host[:port][/database]`, also `valkey://`
    /// - `unix:PATH`, `unix://PATH` or a path, each with `?db=DATABASE` if wanted
    /// - `host:port` or `host`
    /// - `embedded`
    public init(parsing text: String) throws(TargetError) {
        if text.isEmpty { throw TargetError("the address is empty") }
        if text == "embedded" {
            self = .embedded
        } else if text.hasPrefix("/") || text.hasPrefix("./") || text.hasPrefix("../") {
            self = .remote(try Self.socket(text[...]))
        } else if let colon = text.firstRange(of: ":"),
            let scheme = Self.scheme(text, colon: colon.lowerBound)
        {
            self = .remote(try Self.server(scheme, text[colon.upperBound...]))
        } else {
            self = .remote(try Self.authority(text[...]))
        }
    }

    /// The word before the first colon when it is a scheme: `localhost:7000` has none.
    private static func scheme(_ text: String, colon: String.Index) -> String? {
        let word = text[..<colon].lowercased()
        let rest = text[text.index(after: colon)...]
        return rest.hasPrefix("//") || word == "unix" ? word : nil
    }

    private static func server(
        _ scheme: String, _ rest: Substring
    ) throws(TargetError) -> RemoteTarget {
        switch scheme {
        case "redis", "valkey": return try authority(rest.dropFirst(2))
        case "unix", "redis+unix", "valkey+unix":
            return try socket(rest.hasPrefix("//") ? rest.dropFirst(2) : rest)
        case "rediss", "valkeys":
            throw TargetError("\(scheme):// asks for TLS, which Larder's client does not speak")
        default:
            throw TargetError("\(scheme):// is not known: use redis://, valkey:// or unix:")
        }
    }

    /// `[[user:]password@]host[:port][/database]`.
    private static func authority(_ text: Substring) throws(TargetError) -> RemoteTarget {
        var (rest, database) = try query(text)
        var target = RemoteTarget(.tcp(host: "127.0.0.1", port: 6379))
        if let at = rest.lastIndex(of: "@") {
            let login = rest[..<at]
            rest = rest[rest.index(after: at)...]
            if let colon = login.firstIndex(of: ":") {
                let user = try decoded(login[..<colon])
                target.user = user.isEmpty ? nil : user
                target.password = try decoded(login[login.index(after: colon)...])
            } else {
                target.password = try decoded(login)
            }
        }
        if let slash = rest.firstIndex(of: "/") {
            let number = rest[rest.index(after: slash)...]
            rest = rest[..<slash]
            if !number.isEmpty { database = try self.database(number) }
        }
        target.database = database ?? 0
        target.place = try place(rest)
        return target
    }

    private static func place(_ text: Substring) throws(TargetError) -> ServerPlace {
        var host = text
        var port: Substring?
        if text.hasPrefix("[") {
            guard let close = text.firstIndex(of: "]") else {
                throw TargetError("the bracket around the host is not closed")
            }
            host = text[text.index(after: text.startIndex)..<close]
            let behind = text[text.index(after: close)...]
            if !behind.isEmpty {
                guard behind.hasPrefix(":") else {
                    throw TargetError("behind the host's bracket comes ':' and the port")
                }
                port = behind.dropFirst()
            }
        } else if let colon = text.lastIndex(of: ":") {
            host = text[..<colon]
            port = text[text.index(after: colon)...]
            if host.contains(":") {
                throw TargetError("an IPv6 address stands in brackets: [::1]:6379")
            }
        }
        if host.contains(where: { $0.isWhitespace }) {
            throw TargetError("a host has no blanks in its name")
        }
        let number = port.map { Int($0) ?? 0 } ?? 6379
        guard 1...65_535 ~= number else {
            throw TargetError("the port is a number from 1 to 65535, not '\(port ?? "")'")
        }
        return .tcp(host: host.isEmpty ? "127.0.0.1" : String(host), port: number)
    }

    private static func socket(_ text: Substring) throws(TargetError) -> RemoteTarget {
        let (path, database) = try query(text)
        if path.isEmpty { throw TargetError("the path of the socket is missing") }
        // The kernel's address has room for 107 bytes and an end.
        if path.utf8.count > 107 {
            throw TargetError("the path of the socket is longer than 107 bytes")
        }
        return RemoteTarget(.unix(path: String(path)), database: database ?? 0)
    }

    /// Splits `?db=N` off.
    private static func query(
        _ text: Substring
    ) throws(TargetError) -> (Substring, database: Int?) {
        guard let mark = text.lastIndex(of: "?") else { return (text, nil) }
        let query = text[text.index(after: mark)...]
        guard query.hasPrefix("db=") else {
            throw TargetError("after '?' only db=DATABASE is known")
        }
        return (text[..<mark], try database(query.dropFirst(3)))
    }

    private static func database(_ text: Substring) throws(TargetError) -> Int {
        guard let number = Int(text), number >= 0 else {
            throw TargetError("the database is a number from 0 up, not '\(text)'")
        }
        return number
    }

    /// Replaces `%40` and its like.
    private static func decoded(_ text: Substring) throws(TargetError) -> String {
        var result: [UInt8] = []
        let bytes = Array(text.utf8)
        var index = 0
        while index < bytes.count {
            guard bytes[index] == UInt8(ascii: "%") else {
                result.append(bytes[index])
                index += 1
                continue
            }
            guard index + 2 < bytes.count, let high = bytes[index + 1].hexDigitValue,
                let low = bytes[index + 2].hexDigitValue
            else { throw TargetError("'%' in a user or password is followed by two hex digits") }
            result.append(high << 4 | low)
            index += 3
        }
        return String(decoding: result, as: UTF8.self)
    }
}
