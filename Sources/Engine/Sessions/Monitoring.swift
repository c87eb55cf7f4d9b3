import Bytes
import Grammar
import Wire

// MONITOR: sessions that are shown every command, with the time, the database and who sent it.
// The form of the line is the one that tools of the field read.

extension Store {
    /// Begins to show all commands to a session.
    mutating func beginMonitoring(_ session: Int) {
        guard let holder = sessions[session], !holder.restraints.contains(.monitor) else { return }
        holder.restraints.insert(.monitor)
        monitors.append(session)
        attention.insert(.monitors)
    }

    /// Shows a session nothing any more.
    mutating func endMonitoring(_ session: Int) {
        guard let holder = sessions[session], holder.restraints.contains(.monitor) else { return }
        holder.restraints.remove(.monitor)
        monitors.removeAll { $0 == session }
        if monitors.isEmpty { attention.remove(.monitors) }
    }

    /// Shows a command that has run to the sessions that look.
    mutating func show(_ number: Int, _ call: borrowing Call) {
        let hidden: CommandFlags = [.skipMonitor, .admin]
        guard commands.entries[number].flags.isDisjoint(with: hidden),
            let holder = sessions[call.session], holder.blocking?.isRetrying != true
        else { return }
        var line: [UInt8] = []
        let milliseconds = now.wall.milliseconds
        line += (milliseconds / 1000).decimalBytes
        line.append(UInt8(ascii: "."))
        let fraction = (milliseconds % 1000 * 1000 + now.microseconds).decimalBytes
        line += Array(repeating: UInt8(ascii: "0"), count: max(0, 6 - fraction.count)) + fraction
        line += Array(" [".utf8) + Int64(holder.database).decimalBytes
        line.append(UInt8(ascii: " "))
        line += Array(holder.shownAddress.utf8)
        line.append(UInt8(ascii: "]"))
        for index in 0..<call.count {
            line.append(UInt8(ascii: " "))
            if isSecret(index, number, call) {
                let sign = Redaction.sign
                appendQuoted(sign.rawSpan, to: &line)
            } else {
                appendQuoted(call[index], to: &line)
            }
        }
        let text = line
        for session in monitors {
            deliver(to: session) { writer in
                writer.buffer.append("+")
                writer.buffer.append(text)
                writer.buffer.append("\r\n")
            }
        }
    }

    /// Adds a word in quotes, with what is not printable escaped.
    private func appendQuoted(_ word: RawSpan, to line: inout [UInt8]) {
        let digits = Array("0123456789abcdef".utf8)
        let quote = UInt8(ascii: "\"")
        let backslash = UInt8(ascii: "\\")
        line.append(quote)
        for offset in 0..<word.byteCount {
            let byte = word[offset]
            switch byte {
            case quote, backslash: line += [backslash, byte]
            case 0x0A: line += [backslash, UInt8(ascii: "n")]
            case 0x0D: line += [backslash, UInt8(ascii: "r")]
            case 0x09: line += [backslash, UInt8(ascii: "t")]
            case 0x07: line += [backslash, UInt8(ascii: "a")]
            case 0x08: line += [backslash, UInt8(ascii: "b")]
            case 0x20...0x7E: line.append(byte)
            default:
                line += [
                    backslash, UInt8(ascii: "x"), digits[Int(byte >> 4)], digits[Int(byte & 15)],
                ]
            }
        }
        line.append(quote)
    }
}

extension Session {
    /// Where it came from, as MONITOR shows it.
    fileprivate var shownAddress: String {
        guard origin.kind == .unix else { return origin.address }
        let path = origin.address.hasSuffix(":0") ? origin.address.dropLast(2) : origin.address[...]
        return "unix:" + path
    }
}
