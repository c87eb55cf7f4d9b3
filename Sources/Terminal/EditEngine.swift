import CEdit
import Glibc

// Safe: the EditLine is created in init, closed in deinit, and used on the one thread that owns
// the LineEditor. Pointers into its buffer are read in the same statement that asks for them,
// because every editing call may move the buffer. The client pointer is this object itself, which
// outlives the EditLine it owns.
//
// libedit without a terminal: a buffer, a cursor, a key map, vi and emacs commands. Keys are
// pulled through `EL_GETCFN`; keys that Larder gives a meaning of its own are bound to one
// function, which passes them on to the client. libedit's own painting goes to /dev/null.

/// What the engine asks the editor for.
protocol EditEngineClient: AnyObject {
    /// The next character for the key map; nil ends the line.
    func nextCharacter() -> UInt32?
    /// A key bound to Larder's function was pressed.
    func perform(_ character: UInt32) -> EditEngine.Reaction
}

/// Why no line can be edited here.
public struct LineEditorError: Error, Equatable, Sendable {
    /// The system's number for the reason, as in `errno`.
    public let number: Int32
}

/// libedit as an editing engine.
@safe
final class EditEngine {
    /// What libedit does after one of our functions.
    enum Reaction: UInt8 {
        /// The buffer or the cursor may have changed.
        case refresh = 4
        /// The line is over.
        case finish = 2
        /// The key made no sense here.
        case refuse = 6
    }

    private var handle: cedit_engine
    private unowned let client: any EditEngineClient

    /// Opens a private pseudo-terminal and a libedit on it.
    init(client: any EditEngineClient) throws(LineEditorError) {
        // The key map is built with the locale's idea of a printable character.
        _ = DisplayWidth.isUTF8
        unsafe handle = cedit_engine()
        self.client = client
        guard unsafe cedit_open(&handle) else { throw LineEditorError(number: errno) }
        unsafe cedit_set_client(line, Unmanaged.passUnretained(self).toOpaque())
        unsafe cedit_set_reader(line) { line, character in
            unsafe EditEngine.of(line).read(into: character)
        }
        unsafe cedit_set_function(line) { line, key in
            unsafe EditEngine.of(line).client.perform(key).rawValue
        }
    }

    deinit { unsafe cedit_close(&handle) }

    private var line: OpaquePointer? { unsafe handle.line }

    private static func of(_ line: OpaquePointer?) -> EditEngine {
        unsafe Unmanaged<EditEngine>.fromOpaque(cedit_client(line)!).takeUnretainedValue()
    }

    private func read(into character: UnsafeMutablePointer<wchar_t>?) -> Int32 {
        guard let next = client.nextCharacter() else { return 0 }
        unsafe character?.pointee = wchar_t(bitPattern: next)
        return 1
    }

    /// Chooses the key map, which undoes every binding.
    func choose(vi: Bool) {
        _ = unsafe wide(vi ? "vi" : "emacs").withUnsafeBufferPointer { name in
            unsafe cedit_set_editor(line, name.baseAddress)
        }
    }

    /// True when the vi key map is in use.
    var isVi: Bool { unsafe cedit_is_vi(line) }

    /// Binds a key below 256 to Larder's function, in the alternate map (vi's command mode) too
    /// or only there.
    func bind(_ key: Unicode.Scalar, main: Bool = true, alternate: Bool) {
        // A control character is written as in a key table, with a caret.
        let value = key.value
        let name =
            switch value {
            case 0..<0x20: "^" + String(Unicode.Scalar(UInt8(value) + 0x40))
            case 0x7F: "^?"
            default: String(key)
            }
        unsafe wide(name).withUnsafeBufferPointer { key in
            if main { _ = unsafe cedit_bind(line, key.baseAddress) }
            if alternate { _ = unsafe cedit_bind_alternate(line, key.baseAddress) }
        }
    }

    /// Reads the person's ~/.editrc.
    func readConfiguration() { _ = unsafe el_source(line, nil) }

    /// Edits one line until the client ends it. The text if libedit ended it by itself, as a key
    /// bound in ~/.editrc may do; nil otherwise.
    func run() -> [Unicode.Scalar]? {
        var count: Int32 = 0
        guard let text = unsafe el_wgets(line, &count), count > 0 else { return nil }
        let buffer = unsafe UnsafeBufferPointer(start: text, count: Int(count))
        return unsafe buffer.map(Self.scalar)
    }

    private static func scalar(_ character: wchar_t) -> Unicode.Scalar {
        Unicode.Scalar(UInt32(bitPattern: character)) ?? "\u{FFFD}"
    }

    /// The text being edited.
    var text: [Unicode.Scalar] {
        guard let info = unsafe el_wline(line), let start = unsafe info.pointee.buffer else {
            return []
        }
        let count = unsafe info.pointee.lastchar - start
        return unsafe UnsafeBufferPointer(start: start, count: count).map(Self.scalar)
    }

    /// How many code points there are.
    var count: Int {
        guard let info = unsafe el_wline(line) else { return 0 }
        return unsafe info.pointee.lastchar - info.pointee.buffer
    }

    /// How many code points are before the cursor.
    var cursor: Int {
        guard let info = unsafe el_wline(line) else { return 0 }
        return unsafe info.pointee.cursor - info.pointee.buffer
    }

    /// Inserts before the cursor. NUL cannot be inserted and is left out.
    func insert(_ text: some Sequence<Unicode.Scalar>) {
        var characters = text.filter { $0.value != 0 }.map { wchar_t(bitPattern: $0.value) }
        guard !characters.isEmpty else { return }
        characters.append(0)
        unsafe characters.withUnsafeBufferPointer {
            _ = unsafe el_winsertstr(line, $0.baseAddress)
        }
    }

    /// Deletes so many code points before the cursor.
    func deleteBackward(_ count: Int) {
        if count > 0 { unsafe el_deletestr(line, Int32(count)) }
    }

    /// Moves the cursor to `offset`, which must be within the text.
    func moveCursor(to offset: Int) { _ = unsafe el_cursor(line, Int32(offset - cursor)) }

    private func wide(_ string: String) -> [wchar_t] {
        string.unicodeScalars.map { wchar_t(bitPattern: $0.value) } + [0]
    }
}
