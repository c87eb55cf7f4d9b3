import Bytes
public import Wire

// INFO and its companions made into a sample. Nothing here fails: a field that is missing or odd
// leaves its figure undefined, since servers differ and the next one will differ too.

extension Sample {
    /// Takes the text of INFO.
    public mutating func read(info: String) {
        for line in info.split(whereSeparator: \.isNewline) where !line.hasPrefix("#") {
            guard let colon = line.firstIndex(of: ":") else { continue }
            let name = String(line[..<colon])
            let value = line[line.index(after: colon)...]
            if name.hasPrefix("cmdstat_") {
                readCounters(name.dropFirst(8), value)
            } else if name.hasPrefix("db"), let number = Int(name.dropFirst(2)) {
                let parts = Self.parts(value)
                databases.append(
                    DatabaseRow(
                        number: number, keys: parts["keys"] ?? 0, expires: parts["expires"] ?? 0,
                        averageTTL: parts["avg_ttl"] ?? 0))
            } else if name.hasPrefix("slave"), Int(name.dropFirst(5)) != nil {
                readReplica(value)
            } else if name.hasPrefix("errorstat_") {
                numbers["errors_total", default: 0] += Self.parts(value)["count"] ?? 0
            } else if !name.hasPrefix("latency_percentiles") {
                take(name, value)
            }
        }
        numbers["keys"] = databases.reduce(0) { $0 + $1.keys }
        numbers["expires"] = databases.reduce(0) { $0 + $1.expires }
    }

    /// Takes a field.
    mutating func take(_ name: String, _ value: some StringProtocol) {
        if let number = Double(value.hasSuffix("%") ? String(value.dropLast()) : String(value)) {
            numbers[name] = number
        }
        texts[name] = String(value)
    }

    private mutating func readCounters(_ name: Substring, _ value: Substring) {
        let parts = Self.parts(value)
        var counters = commands[name.uppercased()] ?? CommandCounters()
        counters.calls = parts["calls"] ?? 0
        counters.microseconds = parts["usec"] ?? 0
        counters.errors = (parts["rejected_calls"] ?? 0) + (parts["failed_calls"] ?? 0)
        commands[name.replacing("|", with: " ").uppercased()] = counters
    }

    private mutating func readReplica(_ value: Substring) {
        let words = Self.words(value, separator: ",")
        replicas.append(
            ReplicaRow(
                address: "\(words["ip"] ?? "?"):\(words["port"] ?? "?")",
                state: String(words["state"] ?? "?"),
                offset: words["offset"].flatMap { Double($0) } ?? 0,
                lag: words["lag"].flatMap { Double($0) } ?? 0))
    }

    /// `a=1,b=2` as numbers.
    private static func parts(_ text: Substring) -> [String: Double] {
        words(text, separator: ",").compactMapValues { Double($0) }
    }

    private static func words(_ text: Substring, separator: Character) -> [String: Substring] {
        var result: [String: Substring] = [:]
        for part in text.split(separator: separator) {
            guard let sign = part.firstIndex(of: "=") else { continue }
            result[String(part[..<sign])] = part[part.index(after: sign)...]
        }
        return result
    }

    /// Takes the reply of LATENCY HISTOGRAM.
    public mutating func read(histograms: RESPValue) {
        for pair in histograms.pairs ?? [] {
            guard let name = pair.key.bytes?.text, let inner = pair.value.pairs else { continue }
            let rows = inner.first { $0.key.bytes?.text == "histogram_usec" }?.value.pairs ?? []
            let histogram = rows.compactMap { row -> (limit: Double, count: Double)? in
                guard let limit = row.key.integer, let count = row.value.integer else { return nil }
                return (Double(limit), Double(count))
            }
            let key = name.replacing("|", with: " ").uppercased()
            commands[key, default: CommandCounters()].histogram = histogram
        }
    }

    /// Takes the reply of CLIENT LIST, without the watcher's own connections.
    public mutating func read(clients text: String, own: Set<String>) {
        clients = text.split(whereSeparator: \.isNewline).compactMap { line in
            let words = Self.words(line, separator: " ")
            var row = ClientRow()
            row.id = String(words["id"] ?? "")
            if row.id.isEmpty || own.contains(row.id) { return nil }
            row.address = String(words["addr"] ?? "")
            row.name = String(words["name"] ?? "")
            row.command = words["cmd"].map { String($0.replacing("|", with: " ")) } ?? ""
            row.flags = String(words["flags"] ?? "")
            row.age = words["age"].flatMap { Double($0) } ?? 0
            row.idle = words["idle"].flatMap { Double($0) } ?? 0
            row.memory = words["tot-mem"].flatMap { Double($0) } ?? 0
            row.subscriptions = ["sub", "psub", "ssub"].reduce(0) { sum, name in
                sum + (words[name].flatMap { Double($0) } ?? 0)
            }
            return row
        }
    }

    /// Takes the reply of SLOWLOG GET.
    public mutating func read(slow reply: RESPValue) {
        guard let entries = reply.elements else { return }
        slow = entries.compactMap { entry in
            guard let parts = entry.elements, parts.count >= 4 else { return nil }
            var row = SlowRow()
            row.id = Int(parts[0].integer ?? 0)
            row.time = parts[1].integer ?? 0
            row.microseconds = Double(parts[2].integer ?? 0)
            row.words = (parts[3].elements ?? []).map { Array(($0.bytes ?? ByteString("")).bytes) }
            row.client = parts.count > 4 ? parts[4].bytes?.text ?? "" : ""
            return row
        }
    }

    /// Takes the reply of PUBSUB NUMSUB.
    public mutating func read(channels reply: RESPValue) {
        channels = (reply.pairs ?? []).compactMap { pair in
            pair.key.bytes.map {
                ChannelRow(
                    name: Array($0.bytes), subscribers: Double(pair.value.integer ?? 0))
            }
        }
    }

    /// Takes the replies of ZCARD and ZRANGE … REV WITHSCORES.
    public mutating func read(board key: [UInt8], count: RESPValue, rows: RESPValue) {
        var board = BoardSample(key: key)
        guard case .integer(let number) = count else {
            boards.append(board)
            return
        }
        board.count = Double(number)
        board.rows = Self.boardRows(rows)
        boards.append(board)
    }

    /// Members with their scores.
    static func boardRows(_ reply: RESPValue) -> [BoardRow] {
        // RESP3 has a pair for each member, RESP2 one list of all.
        let elements = reply.elements ?? []
        let flat =
            elements.first?.elements == nil ? elements : elements.flatMap { $0.elements ?? [] }
        return stride(from: 0, to: flat.count - 1, by: 2).compactMap { place in
            guard let member = flat[place].bytes, let score = flat[place + 1].bytes else {
                return nil
            }
            return BoardRow(member: member.bytes, score: Double(score.text) ?? 0)
        }
    }
}
