/// Lines as they come, for input that is no terminal and for terminals that cannot move their
/// cursor: there the kernel's own line editing has to do.
public final class PlainLineReader {
    /// One line, or why there is none.
    public enum Line: Equatable, Sendable {
        /// The bytes without the line end ("\n" or "\r\n"). A last line may lack it.
        case line([UInt8])
        /// Ctrl-C at the prompt, where ``TerminalGuard/noteInterrupts(_:)`` is on.
        case interrupted
        /// There is no more.
        case endOfFile
    }

    private let input: Descriptor
    private let guardian: TerminalGuard?
    private var buffer: [UInt8] = []
    private var position = 0
    private var isAtEnd = false

    /// Reads `input`; with a guard, signals that it notes end the wait.
    public init(_ input: Descriptor = .input, guardian: TerminalGuard? = nil) {
        self.input = input
        self.guardian = guardian
    }

    /// The next line.
    public func next() -> Line {
        var searched = position
        while true {
            if let end = buffer[searched...].firstIndex(of: 10) {
                var line = buffer[position..<end]
                position = end + 1
                if line.last == 13 { line.removeLast() }
                return .line(Array(line))
            }
            if isAtEnd {
                guard position < buffer.count else { return .endOfFile }
                defer { position = buffer.count }
                return .line(Array(buffer[position...]))
            }
            buffer.removeFirst(position)
            position = 0
            searched = buffer.count
            if let guardian, let wake = guardian.wakeDescriptor {
                switch Descriptor.wait(for: [input, wake], milliseconds: nil) {
                case .ready(let ready) where ready.contains(input): break
                default:
                    // The wait also ends when the signal came to this very thread.
                    if guardian.takeSignals().contains(.interrupted) { return .interrupted }
                    continue
                }
            }
            switch input.read(atMost: 65536) {
            case .bytes(let bytes): buffer += bytes
            case .nothing: continue
            case .end: isAtEnd = true
            }
        }
    }
}
