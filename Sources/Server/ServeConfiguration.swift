import Bytes
public import Engine
import Glibc

/// What `larder serve` was told: a configuration file and options, read like `redis-server` reads
/// them.
public struct ServeConfiguration: Sendable {
    /// Why the server cannot start as it was told to.
    public struct Failure: Error, CustomStringConvertible, Sendable {
        /// What is wrong and where.
        public let description: String
    }

    /// The settings that result.
    public var settings: Settings
    /// The path of the configuration file, or nil.
    public var file: String?
    /// The words that followed the command's name.
    let words: [String]

    /// Reads the words of a command line: an optional file (`-` is standard input), then options
    /// `--name value …`, which win over the file.
    public init(words: [String]) throws(Failure) {
        self.words = words
        settings = Settings()
        // Unlike the servers of the field: nobody is let in from elsewhere unless asked for.
        settings.bind = ["127.0.0.1", "-::1"]
        var options = words[...]
        if let first = options.first, first == "-" || !first.hasPrefix("-") {
            file = first
            options = options.dropFirst()
        }
        if let short = options.first(where: { $0.hasPrefix("-") && !$0.hasPrefix("--") }),
            Int(short) == nil, short != "-"
        {
            throw Failure(
                description: "unknown option '\(short)': settings are given as --name value")
        }
        if let file { try read(file: file, depth: 0) }
        let lines = ConfigFile.lines(options: options.map { ByteString($0) })
        try read(lines.bytes, from: "the command line", depth: 0)
    }

    private mutating func read(file path: String, depth: Int) throws(Failure) {
        guard depth < 16 else {
            throw Failure(description: "\(path): files include each other without end")
        }
        guard let content = SystemFiles.read(path) else {
            throw Failure(
                description: "cannot read the configuration file '\(path)': "
                    + SystemFiles.lastError)
        }
        try read(content, from: path, depth: depth)
    }

    private mutating func read(
        _ content: [UInt8], from name: String, depth: Int
    ) throws(Failure) {
        var settings = settings
        let base = self
        do throws(ConfigFile.Failure) {
            try ConfigFile.read(content.rawSpan, into: &settings) {
                (directive, settings) throws(SettingError) in
                try base.act(on: directive, &settings, depth)
            }
        } catch {
            throw Failure(
                description: "\(name), line \(error.line): '\(error.text)': \(error.reason)")
        }
        self.settings = settings
    }

    private func act(
        on directive: ConfigFile.Directive, _ settings: inout Settings, _ depth: Int
    ) throws(SettingError) {
        switch directive {
        case .include(let path):
            var inner = self
            inner.settings = settings
            do throws(Failure) {
                try inner.read(file: path.text, depth: depth + 1)
            } catch {
                throw SettingError(error.description)
            }
            settings = inner.settings
        case .rename:
            throw SettingError("larder cannot rename commands yet")
        case .user:
            throw SettingError("larder has no users besides the default one yet")
        case .loadModule:
            throw SettingError("larder loads no modules")
        }
    }

    /// Where to listen, as the settings say.
    var addresses: [(address: Listener.Address, isOptional: Bool)] {
        var all: [(address: Listener.Address, isOptional: Bool)] = []
        if settings.port != 0 {
            for name in settings.bind {
                let isOptional = name.bytes.first == UInt8(ascii: "-")
                var host = isOptional ? String(name.text.dropFirst()) : name.text
                if host == "*" { host = "0.0.0.0" }
                if host == "::*" { host = "::" }
                all.append((.tcp(host: host, port: settings.port), isOptional))
            }
        }
        if !settings.unixSocket.isEmpty {
            let mode = settings.unixSocketPermissions
            all.append(
                (
                    .unix(path: settings.unixSocket.text, mode: mode == 0 ? 0o755 : UInt32(mode)),
                    false
                ))
        }
        return all
    }
}
