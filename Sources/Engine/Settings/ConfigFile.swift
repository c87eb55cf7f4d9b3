public import Bytes
import Wire

// Configuration files. A line is a name and its words, split by the rules of inline commands;
// blank lines and lines that begin with `#` are nothing. Options of the command line are turned
// into such lines, so that both are read by the same rules and refused in the same words.

/// A configuration file's text, read into settings.
public enum ConfigFile {
    /// Why a line cannot be taken.
    public struct Failure: Error, Equatable, Sendable {
        /// The line's number, from 1.
        public var line: Int
        /// The line without the blanks at its ends.
        public var text: ByteString
        /// What is wrong with it.
        public var reason: String

        /// A refusal of a line.
        public init(line: Int, text: ByteString, reason: String) {
            self.line = line
            self.text = text
            self.reason = reason
        }

        /// The three lines that a server which cannot start prints about it.
        public var report: String {
            "Reading the configuration file, at line \(line)\n>>> '\(text)'\n\(reason)"
        }
    }

    /// Lines that are no settings, for the host to act on.
    public enum Directive: Equatable, Sendable {
        /// Read another file here.
        case include(ByteString)
        /// A command is to have another name, or none.
        case rename(ByteString, to: ByteString)
        /// A user, by the words of ACL SETUSER.
        case user([ByteString])
        /// A module is to be loaded.
        case loadModule([ByteString])
    }

    /// Reads `text` into `settings`. What is no setting goes to `act`, which may read further
    /// text into the same settings, and says why it cannot.
    public static func read(
        _ text: RawSpan, into settings: inout Settings,
        act: (Directive, inout Settings) throws(SettingError) -> Void
    ) throws(Failure) {
        var start = 0
        var number = 0
        while start <= text.byteCount {
            let end = text.firstIndex(of: 0x0A, from: start) ?? text.byteCount
            number += 1
            let line = trimmed(text.extracting(start..<end))
            start = end + 1
            if line.isEmpty || line.bytes[0] == UInt8(ascii: "#") { continue }
            do throws(SettingError) {
                try readLine(line, into: &settings, act)
            } catch {
                throw Failure(line: number, text: line, reason: error.reason)
            }
        }
    }

    private static func trimmed(_ line: RawSpan) -> ByteString {
        var first = 0
        var end = line.byteCount
        while first < end, line[first].isASCIISpace { first += 1 }
        while end > first, line[end - 1].isASCIISpace { end -= 1 }
        return ByteString(line.extracting(first..<end))
    }

    private static func readLine(
        _ line: ByteString, into settings: inout Settings,
        _ act: (Directive, inout Settings) throws(SettingError) -> Void
    ) throws(SettingError) {
        guard let all = split(line) else {
            throw SettingError("Unbalanced quotes in configuration line")
        }
        guard let name = all.first else { return }
        var words = Array(all.dropFirst())
        if let setting = AllSettings.find(name, settings.flavour) {
            if setting.takesSeveralWords, words.count == 1 {
                words = Setting.words(of: words[0])
            } else if words.isEmpty {
                throw .wrongNumberOfArguments
            }
            try setting.set(words, in: &settings, from: .file)
            if setting.name == "save" { settings.hasReadSave = true }
            return
        }
        guard let directive = directive(name, words) else {
            throw SettingError("Bad directive or wrong number of arguments")
        }
        try act(directive, &settings)
    }

    private static func directive(_ name: ByteString, _ words: [ByteString]) -> Directive? {
        switch ByteString(name.bytes.map(\.asciiLowercased)).text {
        case "include" where words.count == 1: .include(words[0])
        case "rename-command" where words.count == 2: .rename(words[0], to: words[1])
        case "user" where !words.isEmpty: .user(words)
        case "loadmodule" where !words.isEmpty: .loadModule(words)
        default: nil
        }
    }

    // MARK: The command line

    /// The lines that options of the command line stand for: `--name` and the words that follow
    /// it, up to the next option, make a line with its words quoted.
    public static func lines(options: [ByteString]) -> ByteString {
        var text: [UInt8] = []
        for option in options {
            if option.count > 2, option.bytes.starts(with: Array("--".utf8)) {
                if !text.isEmpty { text.append(0x0A) }
                text += option.bytes.dropFirst(2)
            } else {
                text.append(0x20)
                text += quoted(option)
            }
        }
        return ByteString(text)
    }

    /// A word in quotes, with what is not printable escaped.
    public static func quoted(_ word: ByteString) -> [UInt8] {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = [UInt8(ascii: "\"")]
        for byte in word.bytes {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): text += [UInt8(ascii: "\\"), byte]
            case 0x0A: text += Array("\\n".utf8)
            case 0x0D: text += Array("\\r".utf8)
            case 0x09: text += Array("\\t".utf8)
            case 0x07: text += Array("\\a".utf8)
            case 0x08: text += Array("\\b".utf8)
            case 0x20...0x7E: text.append(byte)
            default:
                text += Array("\\x".utf8) + [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        text.append(UInt8(ascii: "\""))
        return text
    }
}

extension ConfigFile {
    /// A line's words, or nil when its quotes do not match.
    private static func split(_ line: ByteString) -> [ByteString]? {
        var words = ArgumentList()
        do {
            try InlineSplitter.split(line.rawSpan, into: &words)
        } catch {
            return nil
        }
        return (0..<words.count).map { ByteString(words[$0]) }
    }
}
