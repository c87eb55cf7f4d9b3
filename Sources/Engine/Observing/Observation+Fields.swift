import Bytes
public import Wire

// An observation as a reply: a map of names, so that a reader older or newer than the node finds
// what both know. One line declares a field, and both directions follow from it: what is written
// is what can be read.

/// A field of a part of an observation.
struct ObservationField<Part>: Sendable {
    let name: ByteString
    let write: @Sendable (borrowing Part, inout ReplyWriter) -> Void
    let read: @Sendable (inout Part, RESPValue) -> Void

    typealias Path<Value> = WritableKeyPath<Part, Value> & Sendable

    static func number(_ name: ByteString, _ path: any Path<Int>) -> Self {
        Self(
            name: name, write: { $1.integer($0[keyPath: path]) },
            read: { if let number = $1.integer { $0[keyPath: path] = Int(number) } })
    }

    static func flag(_ name: ByteString, _ path: any Path<Bool>) -> Self {
        Self(
            name: name, write: { $1.integer($0[keyPath: path] ? 1 : 0) },
            read: { if let number = $1.integer { $0[keyPath: path] = number != 0 } })
    }

    static func numbers(_ name: ByteString, _ path: any Path<[Int]>) -> Self {
        Self(
            name: name,
            write: { part, reply in
                reply.array(part[keyPath: path].count)
                for number in part[keyPath: path] { reply.integer(number) }
            },
            read: { part, value in
                part[keyPath: path] = (value.elements ?? []).map { Int($0.integer ?? 0) }
            })
    }

    static func time(_ name: ByteString, _ path: any Path<Int64>) -> Self {
        Self(
            name: name, write: { $1.integer($0[keyPath: path]) },
            read: { if let number = $1.integer { $0[keyPath: path] = number } })
    }

    static func text(_ name: ByteString, _ path: any Path<String>) -> Self {
        Self(
            name: name, write: { $1.bulk(utf8: $0[keyPath: path]) },
            read: { if let text = $1.bytes { $0[keyPath: path] = text.text } })
    }

    static func bytes(_ name: ByteString, _ path: any Path<ByteString>) -> Self {
        Self(
            name: name, write: { $1.bulk($0[keyPath: path]) },
            read: { if let bytes = $1.bytes { $0[keyPath: path] = bytes } })
    }

    static func part<Inner: ObservationPart>(
        _ name: ByteString, _ path: any Path<Inner>
    ) -> Self {
        Self(
            name: name, write: { $1.write($0[keyPath: path]) },
            read: { $0[keyPath: path] = Inner(reply: $1) })
    }

    static func list<Inner: ObservationPart>(
        _ name: ByteString, _ path: any Path<[Inner]>
    ) -> Self {
        Self(
            name: name,
            write: { part, reply in
                let rows = part[keyPath: path]
                reply.array(rows.count)
                for row in rows { reply.write(row) }
            },
            read: { $0[keyPath: path] = ($1.elements ?? []).map { Inner(reply: $0) } })
    }
}

/// A part of an observation: what its fields are.
protocol ObservationPart: Sendable {
    init()
    static var fields: [ObservationField<Self>] { get }
    /// Those of them that are worth telling.
    var telling: [ObservationField<Self>] { get }
}

extension ObservationPart {
    var telling: [ObservationField<Self>] { Self.fields }

    /// What a reply says; what it does not say stays as it is in an empty part.
    init(reply: RESPValue) {
        self.init()
        let fields = Self.fields
        // Who writes goes through the same list, so the next field is nearly always the next
        // value's; only what another version has written is looked for.
        var next = 0
        for pair in reply.pairs ?? [] {
            guard let name = pair.key.bytes else { continue }
            if next >= fields.count || fields[next].name != name {
                guard let place = fields.firstIndex(where: { $0.name == name }) else { continue }
                next = place
            }
            fields[next].read(&self, pair.value)
            next += 1
        }
    }
}

extension ReplyWriter {
    /// A part of an observation, as a map.
    mutating func write<Part: ObservationPart>(_ part: borrowing Part) {
        let fields = part.telling
        map(fields.count)
        for field in fields {
            bulk(field.name)
            field.write(part, &self)
        }
    }
}

extension Observation: ObservationPart {
    /// The observation that the reply to LARDER OBSERVE tells; nil for an error.
    public init?(_ reply: RESPValue) {
        guard reply.errorText == nil, reply["instant"] != nil else { return nil }
        self.init(reply: reply)
    }

    static let fields = figures + tables

    private static let figures: [ObservationField<Observation>] = [
        .time("time", \.time), .time("instant", \.instant), .number("uptime", \.uptime),
        .text("flavour", \.flavour), .number("port", \.port), .part("memory", \.memory),
        .list("databases", \.databases), .part("processor", \.processor),
        .part("now", \.now), .part("minute", \.minute), .part("total", \.total),
        .part("clients", \.clients), .number("departed", \.departed),
        .number("channel-count", \.channelCount), .number("pattern-count", \.patternCount),
        .flag("has-tables", \.hasTables),
    ]

    private static let tables: [ObservationField<Observation>] = [
        .list("commands", \.commands), .list("departures", \.departures),
        .list("hot-keys", \.hotKeys), .list("big-keys", \.bigKeys),
        .list("channels", \.channels), .list("slow", \.slow),
        .list("prefixes", \.prefixes), .number("prefix-sample", \.prefixSample),
        .list("settings", \.settings), .list("measures", \.measures),
    ]

    var telling: [ObservationField<Observation>] { hasTables ? Self.fields : Self.figures }
}

extension Observation.Memory: ObservationPart {
    static let fields: [ObservationField<Self>] = [
        .number("used", \.used), .number("peak", \.peak), .number("maximum", \.maximum),
        .number("entries", \.entries), .number("tables", \.tables),
        .number("sessions", \.sessions), .number("resident", \.resident),
        .list("types", \.types),
    ]
}

extension Observation.TypeShare: ObservationPart {
    static let fields: [ObservationField<Self>] = [
        .text("type", \.type), .number("bytes", \.bytes),
    ]
}

extension Observation.Processor: ObservationPart {
    static let fields: [ObservationField<Self>] = [
        .number("user", \.user), .number("system", \.system),
    ]
}

extension Observation.Prefix: ObservationPart {
    static let fields: [ObservationField<Self>] = [
        .bytes("name", \.name), .number("keys", \.keys), .number("bytes", \.bytes),
    ]
}

extension Observation.Database: ObservationPart {
    static let fields: [ObservationField<Self>] = [
        .number("number", \.number), .number("keys", \.keys), .number("expires", \.expires),
        .number("average-ttl", \.averageTTL), .number("bytes", \.bytes),
    ]
}

extension Observation.Window: ObservationPart {
    static let fields: [ObservationField<Self>] = [
        .number("nanoseconds", \.nanoseconds), .number("hits", \.hits),
        .number("misses", \.misses), .number("commands", \.commands),
        .number("expired", \.expired), .number("evicted", \.evicted),
        .number("errors", \.errors), .number("bytes-in", \.bytesIn),
        .number("bytes-out", \.bytesOut),
    ]
}

extension Observation.Command: ObservationPart {
    static let fields: [ObservationField<Self>] = [
        .text("name", \.name), .number("calls", \.calls), .number("nanoseconds", \.nanoseconds),
        .number("rejected", \.rejected), .number("failed", \.failed),
        .number("p50", \.median), .number("p99", \.percentile99),
        .number("p999", \.percentile999), .numbers("steps", \.steps),
    ]
}

extension Observation.Clients: ObservationPart {
    static let fields: [ObservationField<Self>] = [
        .number("count", \.count), .number("blocked", \.blocked),
        .number("subscribers", \.subscribers), .number("accepted", \.accepted),
        .number("rejected", \.rejected), .list("rows", \.rows),
    ]
}

extension Observation.Client: ObservationPart {
    static let fields: [ObservationField<Self>] = [
        .number("id", \.id), .text("address", \.address), .bytes("name", \.name),
        .number("database", \.database), .number("age", \.age), .number("idle", \.idle),
        .text("flags", \.flags), .text("command", \.command),
        .number("subscriptions", \.subscriptions), .number("bytes", \.bytes),
        .number("commands", \.commands),
    ]
}

extension Observation.Departed: ObservationPart {
    static let fields: [ObservationField<Self>] = [
        .bytes("key", \.key), .text("reason", \.reason), .time("time", \.time),
        .number("database", \.database), .text("type", \.type), .number("size", \.size),
        .number("idle", \.idle), .number("frequency", \.frequency),
        .text("command", \.command), .text("policy", \.policy), .bytes("target", \.target),
    ]
}

extension Observation.Hot: ObservationPart {
    static let fields: [ObservationField<Self>] = [
        .bytes("key", \.key), .number("milli-rate", \.milliRate),
        .number("millionths", \.millionths), .text("type", \.type), .number("bytes", \.bytes),
        .time("expiry", \.expiry),
    ]
}

extension Observation.Big: ObservationPart {
    static let fields: [ObservationField<Self>] = [
        .bytes("key", \.key), .text("type", \.type), .number("bytes", \.bytes),
        .number("count", \.count), .time("expiry", \.expiry),
    ]
}

extension Observation.Channel: ObservationPart {
    static let fields: [ObservationField<Self>] = [
        .bytes("name", \.name), .number("subscribers", \.subscribers),
        .number("messages", \.messages),
    ]
}

extension Observation.Slow: ObservationPart {
    static let fields: [ObservationField<Self>] = [
        .number("id", \.id), .time("time", \.time), .number("microseconds", \.microseconds),
        .bytes("words", \.words), .text("client", \.client),
    ]
}

extension Observation.Setting: ObservationPart {
    static let fields: [ObservationField<Self>] = [
        .text("name", \.name), .text("value", \.value),
    ]
}
