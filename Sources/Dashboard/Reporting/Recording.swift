public import Terminal

// What was shown, in the form of asciicast 3: a line of JSON about the terminal, then a line for
// each piece of output with the seconds since the piece before. The pieces are exactly the bytes
// that went to the terminal, so that playing them shows the same.

/// Writes what is shown to a file.
public final class Recording {
    private let file: Descriptor
    private var last: UInt64?
    private var half: [UInt8] = []

    /// Begins with the size of the terminal.
    ///
    /// - Parameters:
    ///   - file: where it is written; stays open.
    ///   - wall: seconds since 1970.
    public init(_ file: Descriptor, size: TerminalSize, wall: Int64, terminal: String) {
        self.file = file
        file.write(Self.header(size, wall: wall, terminal: terminal))
    }

    static func header(_ size: TerminalSize, wall: Int64, terminal: String) -> String {
        "{\"version\": 3, \"term\": {\"cols\": \(size.columns), \"rows\": \(size.rows), "
            + "\"type\": \(PlainReport.quoted(terminal))}, \"timestamp\": \(wall), "
            + "\"title\": \"larder dashboard\"}\n"
    }

    /// Takes bytes that were written, at an instant in nanoseconds.
    public func take(_ bytes: [UInt8], at nanoseconds: UInt64) {
        // A character that is cut by the end of a piece waits for its rest.
        let all = half + bytes
        let whole = Self.wholeCharacters(all)
        half = Array(all[whole...])
        guard whole > 0 else { return }
        let text = String(decoding: all[..<whole], as: UTF8.self)
        write("o", text, at: nanoseconds)
    }

    /// Takes another size.
    public func resize(_ size: TerminalSize, at nanoseconds: UInt64) {
        write("r", "\(size.columns)x\(size.rows)", at: nanoseconds)
    }

    private func write(_ kind: String, _ text: String, at nanoseconds: UInt64) {
        let passed = Double(nanoseconds - min(last ?? nanoseconds, nanoseconds)) / 1e9
        last = nanoseconds
        file.write("[\(Amount.decimals(passed, 6)), \"\(kind)\", \(PlainReport.quoted(text))]\n")
    }

    /// How many of the bytes are whole characters.
    static func wholeCharacters(_ bytes: [UInt8]) -> Int {
        for back in 1...3 where bytes.count >= back {
            let byte = bytes[bytes.count - back]
            if byte & 0xC0 == 0x80 { continue }
            let length = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC0 ? 2 : 1
            return length > back ? bytes.count - back : bytes.count
        }
        return bytes.count
    }
}
