import Bytes
import Terminal
import Wire

// The form for eyes. What redis-cli prints is the ground: types named, strings quoted, elements
// numbered, so that nobody has to learn another notation. On that ground names and values stand
// in columns, INFO, CLIENT LIST and COMMAND INFO are tables, and a number that counts seconds or
// bytes says so behind it.

extension ReplyPrinter {
    /// Appends a reply in the form for eyes.
    func appendTable(_ reply: RESPValue, to words: [[UInt8]], _ output: inout [UInt8]) {
        let shape = ReplyShape.of(words)
        let value = ReplyShape.structured(reply, to: words)
        switch (shape, value) {
        case (.info, .map(let sections)): appendSections(sections, &output)
        case (.clients, .array(let clients)): appendClients(clients, &output)
        case (.clients, .map(let pairs)), (.settings, .map(let pairs)):
            appendSettings(pairs, indent: 0, &output)
        case (.commands, .array(let commands)): appendCommands(commands, &output)
        case (.scores, _):
            if let pairs = ReplyShape.scored(value) {
                appendScores(pairs, &output)
            } else {
                appendClassic(value, prefix: [], &output)
            }
        case (.clock, .array(let parts)):
            appendClassic(value, prefix: [], &output)
            if let seconds = parts.first?.integer {
                let text = remark(Units.date(seconds: seconds))
                output.insert(contentsOf: text, at: firstEnd(output))
            }
        case (_, .integer(let number)):
            appendClassic(value, prefix: [], &output)
            if let text = Self.meaning(of: number, shape) {
                output.insert(contentsOf: remark(text), at: output.count - 1)
            }
        default:
            if appendMeasures(value, shape, &output) { return }
            if Self.isProse(words), let text = Self.prose(reply) {
                output += text.bytes
                if text.bytes.last != 0x0A { output.append(0x0A) }
            } else {
                appendClassic(value, prefix: [], &output)
            }
        }
    }

    /// The text of a reply that is one; an error and QUEUED are none.
    private static func prose(_ reply: RESPValue) -> ByteString? {
        switch reply {
        case .bulk(let text), .verbatim(_, let text): text
        default: nil
        }
    }

    /// What a number says in other words.
    private static func meaning(of number: Int64, _ shape: ReplyShape) -> String? {
        switch shape {
        case .timeToLive, .date:
            if number == -1 { return "never expires" }
            if number == -2 { return "no such key" }
            if case .timeToLive(1000) = shape { return Units.duration(milliseconds: number) }
            if case .date(let perSecond) = shape {
                return number < 0 ? nil : Units.date(seconds: number / perSecond)
            }
            return number >= 60 ? Units.duration(seconds: number) : nil
        case .duration: return number >= 60 ? Units.duration(seconds: number) : nil
        case .bytes: return number >= 1024 ? Units.bytes(number) : nil
        default: return nil
        }
    }

    private func remark(_ text: String) -> [UInt8] {
        [0x20, 0x20] + painted(Array("(\(text))".utf8), Style(.grey))
    }

    private func firstEnd(_ output: [UInt8]) -> Int {
        output.firstIndex(of: 0x0A) ?? output.count
    }

    // MARK: Names and values

    /// Keys and values side by side; further rows begin with `prefix`.
    func appendColumns(
        _ pairs: [RESPValue.Pair], prefix: [UInt8], _ output: inout [UInt8]
    ) {
        if pairs.isEmpty { return line("(empty hash)", [], &output) }
        var bare = self
        bare.isColored = false
        let keys = pairs.map { pair -> [UInt8] in
            var text: [UInt8] = []
            bare.appendClassic(pair.key, prefix: prefix, &text)
            return text.dropLast()
        }
        let width = columnWidth(keys)
        for (index, pair) in pairs.enumerated() {
            if index > 0 { output += prefix }
            appendPadded(keys[index], width, Style(.cyan), &output)
            let columns = max(width, columns(keys[index])) + 2
            let inner = prefix + [UInt8](repeating: 0x20, count: columns)
            appendClassic(pair.value, prefix: inner, &output)
        }
    }

    /// Members with their places, and scores in a column behind them.
    private func appendScores(_ pairs: [RESPValue.Pair], _ output: inout [UInt8]) {
        let members = pairs.map { $0.key.bytes.map(quoted) ?? cell($0.key) }
        let scores = pairs.map { cell($0.value) }
        let width = columnWidth(members)
        let scoreWidth = scores.map(\.count).max() ?? 0
        let digits = String(pairs.count).count
        for index in pairs.indices {
            let number = String(index + 1)
            output += [UInt8](repeating: 0x20, count: digits - number.count)
            output += painted(Array("\(number))".utf8), Style(.grey)) + [0x20]
            appendPadded(members[index], width, .plain, &output)
            output += [UInt8](repeating: 0x20, count: scoreWidth - scores[index].count)
            output += painted(scores[index], Style(.yellow)) + [0x0A]
        }
    }

    /// A title and its fields for each section of INFO.
    private func appendSections(_ sections: [RESPValue.Pair], _ output: inout [UInt8]) {
        for (index, section) in sections.enumerated() {
            guard case .map(let fields) = section.value else {
                appendSettings([section], indent: 0, &output)
                continue
            }
            if index > 0 { output.append(0x0A) }
            var title = section.key.bytes?.bytes ?? []
            if let first = title.first { title[0] = first.asciiUppercased }
            output += painted(Array("# ".utf8) + title, Style(bold: true)) + [0x0A]
            appendSettings(fields, indent: 2, &output)
        }
    }

    /// Names without quotes, values as they are, units behind them.
    private func appendSettings(
        _ pairs: [RESPValue.Pair], indent: Int, _ output: inout [UInt8]
    ) {
        if pairs.isEmpty { return line("(empty)", [], &output) }
        let blanks = [UInt8](repeating: 0x20, count: indent)
        let keys = pairs.map { cell($0.key) }
        let width = columnWidth(keys)
        for (index, pair) in pairs.enumerated() {
            output += blanks
            appendPadded(keys[index], width, Style(.cyan), &output)
            if isNested(pair.value) {
                let inner = [UInt8](
                    repeating: 0x20, count: indent + max(width, columns(keys[index])) + 2)
                appendClassic(pair.value, prefix: inner, &output)
                continue
            }
            output += cell(pair.value)
            let name = String(decoding: keys[index], as: UTF8.self)
            if let number = pair.value.integer, let text = Units.remark(name, number) {
                output += remark(text)
            }
            output.append(0x0A)
        }
    }

    private func isNested(_ value: RESPValue) -> Bool {
        switch value {
        case .map(let pairs): !pairs.allSatisfy { $0.value.elements == nil }
        case .array, .set, .push, .attributed: true
        default: false
        }
    }

    // MARK: Tables

    private static let clientColumns: [StaticString] = [
        "id", "addr", "name", "age", "idle", "flags", "db", "sub", "multi", "tot-mem", "cmd",
        "user", "resp",
    ]

    private func appendClients(_ clients: [RESPValue], _ output: inout [UInt8]) {
        let names = Self.clientColumns.filter { name in
            clients.contains { $0[name] != nil }
        }
        var rows = [names.map { ByteString(stringLiteral: $0).bytes }]
        for client in clients {
            rows.append(
                names.map { name in
                    guard let value = client[name] else { return [] }
                    let title = ByteString(stringLiteral: name).text
                    if let number = value.integer, let text = Units.remark(title, number) {
                        return Array(text.utf8)
                    }
                    return cell(value)
                })
        }
        appendGrid(rows, &output)
    }

    private func appendCommands(_ commands: [RESPValue], _ output: inout [UInt8]) {
        if commands.isEmpty { return line("(empty array)", [], &output) }
        var rows = [["name", "arity", "keys", "flags"].map { Array($0.utf8) }]
        for command in commands {
            guard let parts = command.elements, parts.count >= 6 else {
                rows.append([cell(command)])
                continue
            }
            let positions = parts[3...5].map { cell($0) }
            let flags = (parts[2].elements ?? []).map { cell($0) }
            rows.append([
                cell(parts[0]), cell(parts[1]),
                positions[0] == [0x30] ? [] : Array(positions.joined(separator: [0x20])),
                Array(flags.joined(separator: [0x20])),
            ])
        }
        appendGrid(rows, &output)
    }

    func appendGrid(_ rows: [[[UInt8]]], _ output: inout [UInt8]) {
        let count = rows.map(\.count).max() ?? 0
        let widths = (0..<count).map { column in
            rows.map { column < $0.count ? columns($0[column]) : 0 }.max() ?? 0
        }
        for (number, row) in rows.enumerated() {
            let style = number == 0 ? Style(bold: true) : Style.plain
            for (column, cell) in row.enumerated() {
                if column == row.count - 1 {
                    output += number == 0 ? painted(cell, style) : cell
                } else {
                    appendPadded(cell, widths[column], style, &output)
                }
            }
            while output.last == 0x20 { output.removeLast() }
            output.append(0x0A)
        }
    }

    // MARK: Cells

    /// A value in one row, without quotes.
    func cell(_ value: RESPValue) -> [UInt8] {
        switch value {
        case .integer(let number): return Array(String(number).utf8)
        case .map(let pairs):
            return Array(
                pairs.map { cell($0.key) + [UInt8(ascii: "=")] + cell($0.value) }
                    .joined(separator: [UInt8(ascii: ","), 0x20]))
        case .attributed(_, let value): return cell(value)
        default:
            if let text = value.bytes { return Quoting.escaped(text.rawSpan, isUTF8: isUTF8) }
            var bare = self
            bare.isColored = false
            var text: [UInt8] = []
            bare.appendClassic(value, prefix: [], &text)
            return text.dropLast()
        }
    }

    /// Names longer than this stand out of their column.
    private static let widestName = 40

    private func columnWidth(_ keys: [[UInt8]]) -> Int {
        keys.map(columns).filter { $0 <= Self.widestName }.max() ?? 0
    }

    private func columns(_ cell: [UInt8]) -> Int {
        DisplayWidth.of(String(decoding: cell, as: UTF8.self))
    }

    private func appendPadded(
        _ cell: [UInt8], _ width: Int, _ style: Style, _ output: inout [UInt8]
    ) {
        output += style == .plain ? cell : painted(cell, style)
        output += [UInt8](repeating: 0x20, count: max(width - columns(cell), 0) + 2)
    }
}
