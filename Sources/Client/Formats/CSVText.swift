import Bytes
import Wire

// Replies as comma-separated values (RFC 4180): records end in CR LF, a field with a comma, a
// quote or a line end stands in quotes. A list is one record; a list of lists is a record for
// each, all of the same length; a map is a record for each pair; a list of maps with the same
// keys, such as CLIENT LIST, has a header. What is deeper than that stands in its field as JSON.
// Nothing is an empty field without quotes, an empty string one with.

/// Writes replies as comma-separated values.
enum CSVText {
    private typealias Field = [UInt8]?

    /// The records.
    static func text(_ value: RESPValue) -> [UInt8] {
        let records = records(value)
        let width = records.map(\.count).max() ?? 0
        var output: [UInt8] = []
        for record in records {
            for column in 0..<width {
                if column > 0 { output.append(UInt8(ascii: ",")) }
                if column < record.count, let field = record[column] { append(field, &output) }
            }
            output += [0x0D, 0x0A]
        }
        return output
    }

    private static func append(_ field: [UInt8], _ output: inout [UInt8]) {
        let needsQuotes = field.isEmpty || field.contains { ",\"\r\n ".utf8.contains($0) }
        guard needsQuotes else { return output += field }
        output.append(UInt8(ascii: "\""))
        for byte in field {
            if byte == UInt8(ascii: "\"") { output.append(byte) }
            output.append(byte)
        }
        output.append(UInt8(ascii: "\""))
    }

    private static func records(_ value: RESPValue) -> [[Field]] {
        switch value {
        case .error(let text): return [[Array("ERROR".utf8), text.bytes]]
        case .attributed(_, let value): return records(value)
        case .map(let pairs): return records(of: pairs)
        case .array(let elements), .set(let elements), .push(let elements):
            if elements.isEmpty { return [] }
            guard elements.contains(where: isAggregate) else { return [elements.map(field)] }
            if let keys = commonKeys(elements) {
                return [keys] + elements.map { ($0.pairs ?? []).map { field($0.value) } }
            }
            return elements.map(record)
        default: return [[field(value)]]
        }
    }

    /// A pair's value that is a map itself, as the sections of INFO are, gets a column more.
    private static func records(of pairs: [RESPValue.Pair]) -> [[Field]] {
        pairs.flatMap { pair -> [[Field]] in
            guard case .map(let inner) = pair.value else {
                return [[field(pair.key), field(pair.value)]]
            }
            return inner.map { [field(pair.key), field($0.key), field($0.value)] }
        }
    }

    private static func record(_ value: RESPValue) -> [Field] {
        switch value {
        case .array(let elements), .set(let elements), .push(let elements): elements.map(field)
        case .map(let pairs): pairs.flatMap { [field($0.key), field($0.value)] }
        case .attributed(_, let value): record(value)
        default: [field(value)]
        }
    }

    /// The keys that all elements have, if they are all maps with the same ones.
    private static func commonKeys(_ elements: [RESPValue]) -> [Field]? {
        var keys: [RESPValue]?
        for element in elements {
            guard case .map(let pairs) = element else { return nil }
            let own = pairs.map(\.key)
            if let keys, keys != own { return nil }
            keys = own
        }
        return keys.map { $0.map(field) }
    }

    private static func isAggregate(_ value: RESPValue) -> Bool {
        switch value {
        case .array, .set, .push, .map: true
        case .attributed(_, let value): isAggregate(value)
        default: false
        }
    }

    private static func field(_ value: RESPValue) -> Field {
        switch value {
        case .null: nil
        case .error(let text): Array("ERROR ".utf8) + text.bytes
        case .integer(let number): Array(String(number).utf8)
        case .boolean(let truth): Array((truth ? "true" : "false").utf8)
        case .attributed(_, let value): field(value)
        case .array, .set, .push, .map: JSONText.field(value)
        default: value.bytes?.bytes
        }
    }
}
