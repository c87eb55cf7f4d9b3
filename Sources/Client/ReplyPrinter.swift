import Bytes
import Terminal
public import Wire

// What replies look like to people and to pipes. Two forms are fixed by what everybody's scripts
// and eyes expect: `classic`, which is redis-cli's output on a terminal byte for byte, and `raw`,
// its output on a pipe. Tests/ClientTests/Golden/replies.txt holds what redis-cli 7.0.15 prints
// for some three hundred replies, and the suite compares.
//
// RESP3 has types that redis-cli 7.0.15 refuses: big numbers, long errors and attributes. They
// are shown here in the manner of the others.

/// Writes replies as text.
public struct ReplyPrinter: Sendable {
    /// The form of the output.
    public var format: ReplyFormat
    /// True when ``ReplyFormat/table`` shows letters beyond ASCII as they are.
    public var isUTF8: Bool
    /// True when ``ReplyFormat/table`` has colours.
    public var isColored: Bool

    /// A printer for one form.
    public init(_ format: ReplyFormat, isUTF8: Bool = false, isColored: Bool = false) {
        self.format = format
        self.isUTF8 = isUTF8
        self.isColored = isColored
    }

    /// The text for a reply, line end included.
    ///
    /// - Parameter words: the command that was answered; the texts of INFO, LOLWUT, CLIENT LIST
    ///   and their like are meant to be read and are never quoted.
    public func text(_ reply: RESPValue, to words: [[UInt8]] = []) -> [UInt8] {
        var output: [UInt8] = []
        switch format {
        case .classic, .raw:
            if Self.isProse(words) {
                Self.appendRaw(reply, &output)
            } else if format == .raw {
                Self.appendRaw(reply, &output)
                output.append(0x0A)
            } else {
                appendClassic(reply, prefix: [], &output)
            }
        case .table: appendTable(reply, to: words, &output)
        case .json: return JSONText.text(ReplyShape.structured(reply, to: words), .indented)
        case .jsonl: return JSONText.text(ReplyShape.structured(reply, to: words), .compact)
        case .quotedJSON: return JSONText.text(ReplyShape.structured(reply, to: words), .quoted)
        case .csv: return CSVText.text(ReplyShape.structured(reply, to: words))
        case .resp: return WireText.text(reply, to: words)
        }
        return output
    }

    /// The text for a message outside the order of replies. On a pipe it would be taken for a
    /// reply, so nothing is written there unless `always`.
    public func text(push: RESPValue, always: Bool = false) -> [UInt8] {
        switch format {
        case .classic, .table: break
        default: return always ? text(push) : []
        }
        if format == .table, let row = invalidationRow(push) ?? messageRow(push) { return row }
        if let elements = push.elements, elements.count == 2,
            elements[0].bytes == "invalidate", let keys = elements[1].elements
        {
            var output = Array("-> invalidate: ".utf8)
            for (index, key) in keys.enumerated() {
                if index > 0 { output += Array(", ".utf8) }
                output += Array("'".utf8) + (key.bytes?.bytes ?? []) + Array("'".utf8)
            }
            return output + [0x0A]
        }
        return text(push)
    }

    /// What a session that tracks is told of keys, in one row.
    private func invalidationRow(_ message: RESPValue) -> [UInt8]? {
        guard let parts = message.elements, parts.count > 1, let kind = parts[0].bytes else {
            return nil
        }
        func remark(_ text: String) -> [UInt8] { painted(Array(text.utf8), Style(.grey)) }
        if kind == "tracking-redir-broken", let number = parts[1].integer {
            return remark("connection \(number), which was to be told of changes, is gone") + [0x0A]
        }
        let isPush = kind == "invalidate"
        guard isPush || kind == "message" && parts[1].bytes == "__redis__:invalidate" else {
            return nil
        }
        let keys = parts[parts.count - 1]
        if keys.isNull { return remark("changed: all keys") + [0x0A] }
        guard let names = keys.elements else { return nil }
        var row = remark("changed: ")
        for (index, key) in names.enumerated() {
            if index > 0 { row += remark(", ") }
            let bytes = key.bytes ?? ""
            row += painted(Quoting.escaped(bytes.rawSpan, isUTF8: isUTF8), Style(.cyan))
        }
        return row + [0x0A]
    }

    /// A message of a channel, and what is said of a subscription, in one row.
    private func messageRow(_ message: RESPValue) -> [UInt8]? {
        guard let parts = message.elements, parts.count >= 3, let kind = parts[0].bytes else {
            return nil
        }
        func name(_ index: Int) -> [UInt8] {
            let bytes = parts[index].bytes ?? ""
            return painted(Quoting.escaped(bytes.rawSpan, isUTF8: isUTF8), Style(.cyan))
        }
        func remark(_ text: String) -> [UInt8] { painted(Array(text.utf8), Style(.grey)) }
        func content(_ index: Int) -> [UInt8] {
            var text: [UInt8] = []
            appendClassic(parts[index], prefix: [], &text)
            return text
        }
        switch kind.text {
        case "message" where parts.count == 3, "smessage" where parts.count == 3:
            return name(1) + remark(": ") + content(2)
        case "pmessage" where parts.count == 4:
            return name(2) + remark(" (") + name(1) + remark("): ") + content(3)
        case "subscribe", "psubscribe", "ssubscribe":
            return remark("listening to ") + name(1) + [0x0A]
        case "unsubscribe", "punsubscribe", "sunsubscribe":
            if parts[1].isNull { return remark("there was no subscription") + [0x0A] }
            return remark("no longer listening to ") + name(1) + [0x0A]
        default: return nil
        }
    }

    /// True for commands whose reply is prose.
    static func isProse(_ words: [[UInt8]]) -> Bool {
        func word(_ index: Int, _ name: StaticString) -> Bool {
            guard index < words.count else { return false }
            let bytes = words[index]
            return bytes.rawSpan.matches(name)
        }
        if word(0, "INFO") || word(0, "LOLWUT") { return true }
        if word(0, "DEBUG") { return word(1, "HTSTATS") || word(1, "HTSTATS-KEY") }
        if word(0, "MEMORY") { return word(1, "MALLOC-STATS") || word(1, "DOCTOR") }
        if word(0, "CLUSTER") { return word(1, "NODES") || word(1, "INFO") }
        if word(0, "CLIENT") { return word(1, "LIST") || word(1, "INFO") }
        if word(0, "LATENCY") { return word(1, "GRAPH") || word(1, "DOCTOR") }
        return word(0, "PROXY") && word(1, "INFO")
    }

    // MARK: On a pipe

    private static func appendRaw(_ reply: RESPValue, _ output: inout [UInt8]) {
        switch reply {
        case .simple(let text), .bulk(let text), .verbatim(_, let text), .double(let text),
            .bigNumber(let text):
            output += text.bytes
        case .error(let text):
            output += text.bytes
            output.append(0x0A)
        case .integer(let number): output += Array(String(number).utf8)
        case .boolean(let truth): output += Array((truth ? "(true)" : "(false)").utf8)
        case .null: break
        case .array(let elements), .set(let elements), .push(let elements):
            for (index, element) in elements.enumerated() {
                if index > 0 { output.append(0x0A) }
                appendRaw(element, &output)
            }
        case .map(let pairs):
            for (index, pair) in pairs.enumerated() {
                if index > 0 { output.append(0x0A) }
                appendRaw(pair.key, &output)
                output.append(0x20)
                appendRaw(pair.value, &output)
            }
        case .attributed(_, let value): appendRaw(value, &output)
        }
    }

    // MARK: On a terminal

    /// Appends a reply of which the first line stands behind what is there already; further
    /// lines begin with `prefix`.
    func appendClassic(
        _ reply: RESPValue, prefix: [UInt8], _ output: inout [UInt8]
    ) {
        switch reply {
        case .simple(let text): line("", harmless(text), &output)
        case .verbatim(_, let text): line("", text.bytes, &output)
        case .bulk(let text): line("", quoted(text), &output)
        case .error(let text): line("(error) ", harmless(text), &output)
        case .double(let text): line("(double) ", text.bytes, &output)
        case .bigNumber(let text): line("(big number) ", text.bytes, &output)
        case .integer(let number): line("(integer) ", Array(String(number).utf8), &output)
        case .boolean(let truth): line(truth ? "(true)" : "(false)", [], &output)
        case .null: line("(nil)", [], &output)
        case .array(let elements): list(elements, ")", "(empty array)", prefix, &output)
        case .set(let elements): list(elements, "~", "(empty set)", prefix, &output)
        case .push(let elements): list(elements, ")", "(empty push)", prefix, &output)
        case .map(let pairs):
            if format == .table {
                appendColumns(pairs, prefix: prefix, &output)
            } else {
                table(pairs, "#", prefix, &output)
            }
        case .attributed(let remarks, let value):
            table(remarks, "|", prefix, &output)
            output += prefix
            appendClassic(value, prefix: prefix, &output)
        }
    }

    func quoted(_ text: ByteString) -> [UInt8] {
        Quoting.quoted(text.rawSpan, isUTF8: format == .table && isUTF8)
    }

    /// A status or an error. redis-cli shows whatever bytes it has; the table form lets none of
    /// them speak to the terminal.
    private func harmless(_ text: ByteString) -> [UInt8] {
        format == .table ? Quoting.escaped(text.rawSpan, isUTF8: isUTF8) : text.bytes
    }

    func line(_ head: String, _ text: [UInt8], _ output: inout [UInt8]) {
        if head == "(error) " {
            output += painted(Array(head.utf8) + text, Style(.red))
        } else {
            output += painted(Array(head.utf8), Style(.grey))
            output += text
        }
        output.append(0x0A)
    }

    /// Text in a style, where there are colours.
    func painted(_ text: [UInt8], _ style: Style) -> [UInt8] {
        guard isColored, format == .table, !text.isEmpty else { return text }
        return Array(style.sequence.utf8) + text + Array(ANSI.resetStyle.utf8)
    }

    private func list(
        _ elements: [RESPValue], _ mark: Character, _ empty: String, _ prefix: [UInt8],
        _ output: inout [UInt8]
    ) {
        if elements.isEmpty { return line(empty, [], &output) }
        let width = String(elements.count).count
        let inner = prefix + [UInt8](repeating: 0x20, count: width + 2)
        for (index, element) in elements.enumerated() {
            number(index, width, mark, prefix, &output)
            appendClassic(element, prefix: inner, &output)
        }
    }

    private func table(
        _ pairs: [RESPValue.Pair], _ mark: Character, _ prefix: [UInt8], _ output: inout [UInt8]
    ) {
        if pairs.isEmpty { return line("(empty hash)", [], &output) }
        let width = String(pairs.count).count
        let inner = prefix + [UInt8](repeating: 0x20, count: width + 2)
        for (index, pair) in pairs.enumerated() {
            number(index, width, mark, prefix, &output)
            appendClassic(pair.key, prefix: inner, &output)
            output.removeLast()
            output += Array(" => ".utf8)
            // A value of several rows begins on a row of its own, below its key.
            if hasRows(pair.value) {
                output.append(0x0A)
                output += inner
            }
            appendClassic(pair.value, prefix: inner, &output)
        }
    }

    private func number(
        _ index: Int, _ width: Int, _ mark: Character, _ prefix: [UInt8], _ output: inout [UInt8]
    ) {
        if index > 0 { output += prefix }
        let digits = String(index + 1)
        output += [UInt8](repeating: 0x20, count: width - digits.count)
        output += painted(Array((digits + String(mark)).utf8), Style(.grey)) + [0x20]
    }

    private func hasRows(_ reply: RESPValue) -> Bool {
        switch reply {
        case .array(let elements), .set(let elements), .push(let elements):
            elements.count > 1 || elements.first.map(hasRows) == true
        case .map(let pairs): pairs.count > 1 || pairs.first.map { hasRows($0.value) } == true
        case .attributed: true
        default: false
        }
    }
}
