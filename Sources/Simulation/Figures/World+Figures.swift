import Bytes
import Engine
import Nodes

// How each declared figure is found. Samples are kept one by one, so percentiles are exact.

extension World {
    /// Begins a step: figures of the window `step` are about what comes from here on.
    public func beginStep() { stepMark = book.mark(counters, at: now) }

    /// Begins the run, and its first step.
    public func beginRun() {
        runMark = book.mark(counters, at: now)
        stepMark = runMark
    }

    /// A figure; nil when there is no such figure, or nothing to tell: no request has a latency.
    /// - Parameter arguments: what stands in its brackets, as text.
    public func figure(
        _ name: String, _ arguments: [String] = [], window: FigureWindow = .step
    ) -> Figure? {
        guard let declaration = World.declaration(name), declaration.missing == nil,
            arguments.count <= declaration.arguments.count,
            arguments.count >= declaration.arguments.count - declaration.optionalArguments
        else { return nil }
        let span = span(of: window)
        guard let value = value(of: declaration, arguments, span) else { return nil }
        return Figure(value: value, unit: declaration.unit, origin: declaration.origin)
    }

    /// The same figure over stretches of time, one after the other up to now: for a chart. Only
    /// figures that take a window have such a course.
    /// - Parameters:
    ///   - duration: how long the course is, in nanoseconds.
    ///   - count: how many stretches it has.
    public func course(
        of name: String, _ arguments: [String] = [], over duration: UInt64, in count: Int
    ) -> [Double?] {
        guard let declaration = World.declaration(name), declaration.takesWindow, count > 0 else {
            return []
        }
        let start = now > duration ? now - duration : 0
        let length = now - start
        return (0..<UInt64(count)).map { index in
            let from = start + length * index / UInt64(count)
            let to = start + length * (index + 1) / UInt64(count)
            let value = value(of: declaration, arguments, span(from: from, to: to))
            if case .number(let number) = value { return number }
            return nil
        }
    }

    private static let byName = Dictionary(
        uniqueKeysWithValues: figures.map { ($0.name, $0) })

    /// The declaration of a figure.
    public static func declaration(_ name: String) -> FigureDeclaration? { byName[name] }

    // MARK: Windows

    /// A window as places in everything that was noted.
    struct Span {
        let from: UInt64
        let to: UInt64
        let places: [Range<Int>]
        let first: Book.Counters
        let last: Book.Counters
        let commands: [String: Int]?
    }

    private func span(of window: FigureWindow) -> Span {
        switch window {
        case .step: span(since: stepMark)
        case .run: span(since: runMark)
        case .last(let nanoseconds):
            span(from: now > nanoseconds ? now - nanoseconds : 0, to: now)
        }
    }

    private func span(since mark: Book.Mark) -> Span {
        Span(
            from: mark.time, to: now,
            places: zip(mark.places, book.logs).map { $0..<$1.count },
            first: mark.counters, last: counters, commands: mark.commands)
    }

    private func span(from: UInt64, to: UInt64) -> Span {
        // The beginning of the world belongs to what follows it.
        let places = book.logs.map { log in
            let first = from == 0 ? 0 : log.place(after: from)
            return first..<max(first, log.place(after: to))
        }
        return Span(
            from: from, to: to, places: places, first: book.counters(at: from),
            last: to == now ? counters : book.counters(at: to), commands: nil)
    }

    var counters: Book.Counters {
        Book.Counters(tally: cache.tally, roundTrips: roundTrips, busy: cache.busy)
    }

    /// The node that figures call the cache.
    var cache: SimulatedNode { shop?.link.node ?? nodes[0] }

    // MARK: Values

    private func value(
        of declaration: FigureDeclaration, _ arguments: [String], _ span: Span
    ) -> Figure.Value? {
        switch declaration.name.prefix(while: { $0 != "." }) {
        case "cache", "net", "cpu": cacheValue(declaration.name, span)
        case "cmd": commandValue(declaration.name, arguments[0], span)
        case "app": applicationValue(declaration.name, span)
        case "db": databaseValue(declaration.name, span)
        case "key": keyValue(declaration.name, arguments)
        case "node": nodeValue(declaration.name, arguments[0])
        case "pubsub": channelValue(declaration.name, arguments)
        case "clock":
            .number(Double(declaration.name == "clock.now" ? now : span.to - span.from))
        default: modelValue(declaration.name, arguments)
        }
    }

    private func cacheValue(_ name: String, _ span: Span) -> Figure.Value? {
        let (first, last) = (span.first.tally, span.last.tally)
        let hits = last.hits - first.hits
        let misses = last.misses - first.misses
        let operations = last.commands - first.commands
        switch name {
        case "cache.hits": return .number(Double(hits))
        case "cache.misses": return .number(Double(misses))
        case "cache.hit_ratio":
            return hits + misses > 0 ? .number(Double(hits) / Double(hits + misses)) : nil
        case "cache.keys": return .number(Double(cache.keyCount))
        case "cache.memory": return .number(Double(cache.memory))
        case "cache.maxmemory":
            return .number(Double(cache.node.store.settings.maximumMemory))
        case "cache.evicted": return .number(Double(last.evicted - first.evicted))
        case "cache.expired": return .number(Double(last.expired - first.expired))
        case "cache.ops": return .number(Double(operations))
        case "net.round_trips":
            return .number(Double(span.last.roundTrips - span.first.roundTrips))
        case "net.bytes": return .number(Double(last.bytes - first.bytes))
        case "cpu.us_per_op":
            let busy = Double(span.last.busy - span.first.busy) / 1000
            return operations > 0 ? .number(busy / Double(operations)) : nil
        default: return nil
        }
    }

    private func commandValue(_ name: String, _ command: String, _ span: Span) -> Figure.Value? {
        let command = String(decoding: command.utf8.map(\.asciiLowercased), as: UTF8.self)
        let log = book.commands[command] ?? SampleLog()
        var first = span.from == 0 ? 0 : log.place(after: span.from)
        if let marks = span.commands { first = marks[command] ?? 0 }
        let places = first..<max(first, log.place(after: span.to))
        switch name {
        case "cmd.calls": return .number(Double(places.count))
        case "cmd.p50": return percentile(50, log.values(places))
        default: return percentile(99, log.values(places))
        }
    }

    private func places(_ kind: Book.Kind, _ span: Span) -> Range<Int> {
        span.places[kind.rawValue]
    }

    private func count(_ kind: Book.Kind, _ span: Span) -> Figure.Value {
        .number(Double(places(kind, span).count))
    }

    private func applicationValue(_ name: String, _ span: Span) -> Figure.Value? {
        switch name {
        case "app.requests": return count(.requests, span)
        case "app.errors": return count(.errors, span)
        case "app.writes": return count(.writes, span)
        case "app.stale_reads": return count(.staleReads, span)
        case "app.latency.mean":
            let latencies = book[.requests].values(places(.requests, span))
            guard !latencies.isEmpty else { return nil }
            let sum = latencies.reduce(0.0) { $0 + Double($1) }
            return .number(sum / Double(latencies.count))
        case "app.latency.p50": return percentile(50, .requests, span)
        case "app.latency.p95": return percentile(95, .requests, span)
        case "app.latency.p99": return percentile(99, .requests, span)
        case "app.latency.max": return percentile(100, .requests, span)
        case "app.ttl": return (shop?.strategy.timeToLive).map { .number(Double($0)) }
        case "app.cache_commands_per_write":
            let writes = places(.writes, span).count
            let commands = places(.writeCommands, span).count
            return writes > 0 ? .number(Double(commands) / Double(writes)) : nil
        default: return nil
        }
    }

    private func databaseValue(_ name: String, _ span: Span) -> Figure.Value? {
        switch name {
        case "db.queries": return count(.queries, span)
        case "db.writes": return count(.databaseWrites, span)
        case "db.qps":
            guard span.to > span.from else { return nil }
            let seconds = Double(span.to - span.from) / 1e9
            return .number(Double(places(.queries, span).count) / seconds)
        case "db.qps_max":
            return .number(Double(World.busiest(book[.queries].times(places(.queries, span)))))
        case "db.p50": return percentile(50, .queryTimes, span)
        case "db.p99": return percentile(99, .queryTimes, span)
        default: return nil
        }
    }

    /// The most events within any one second.
    private static func busiest(_ times: ArraySlice<UInt64>) -> Int {
        var most = 0
        var first = times.startIndex
        for index in times.indices {
            while times[index] - times[first] >= 1_000_000_000 { first += 1 }
            most = max(most, index - first + 1)
        }
        return most
    }

    /// The smallest value that at least so many per cent are not larger than.
    private func percentile(_ percent: Int, _ values: ArraySlice<UInt64>) -> Figure.Value? {
        percentile(percent, sorted: values.sorted())
    }

    private func percentile(_ percent: Int, sorted values: [UInt64]) -> Figure.Value? {
        guard !values.isEmpty else { return nil }
        let rank = (values.count * percent + 99) / 100
        return .number(Double(values[max(1, rank) - 1]))
    }

    /// The same of samples that several percentiles are asked of, one after the other.
    private func percentile(_ percent: Int, _ kind: Book.Kind, _ span: Span) -> Figure.Value? {
        let places = places(kind, span)
        if let last = sorted, last.kind == kind, last.places == places {
            return percentile(percent, sorted: last.values)
        }
        let values = book[kind].values(places).sorted()
        sorted = (kind, places, values)
        return percentile(percent, sorted: values)
    }

    private func keyValue(_ name: String, _ arguments: [String]) -> Figure.Value? {
        let key = Array(arguments[0].utf8)
        if name == "key.element" {
            let element = Array(arguments[1].utf8)
            let found =
                cache.isUp
                ? cache.node.store.element(of: key.rawSpan, named: element.rawSpan) : nil
            return .text(found?.text ?? "")
        }
        let facts = cache.isUp ? cache.node.store.facts(of: key.rawSpan) : nil
        switch name {
        case "key.exists": return .truth(facts != nil)
        case "key.type": return .text(facts?.type.name ?? "none")
        case "key.ttl":
            guard let facts else { return .number(-2) }
            return .number(facts.timeToLive.map { Double(($0 + 500) / 1000) } ?? -1)
        case "key.len": return .number(Double(facts?.length ?? 0))
        default: return facts?.string.map { .text($0.text) }
        }
    }

    private func nodeValue(_ name: String, _ node: String) -> Figure.Value? {
        guard let node = nodes.first(where: { $0.name == node }) else { return nil }
        switch name {
        case "node.up": return .truth(node.isUp)
        case "node.role": return .text("primary")
        case "node.restarts": return .number(Double(node.starts))
        case "node.keys": return .number(Double(node.keyCount))
        default: return .number(Double(node.memory))
        }
    }

    private func channelValue(_ name: String, _ arguments: [String]) -> Figure.Value? {
        let channel = ByteString(arguments[0])
        if name == "pubsub.subscribers" {
            return .number(
                Double(cache.isUp ? cache.node.store.subscribers(of: channel) : 0))
        }
        let link = links.first { $0.name == arguments[1] }
        return .number(Double(link?.received[channel] ?? 0))
    }

    private func modelValue(_ name: String, _ arguments: [String]) -> Figure.Value? {
        switch name {
        case "pipeline.depth": return pipelineTrial.map { .number(Double($0.depth)) }
        case "pipeline.speedup": return pipelineTrial.map { .number($0.speedup) }
        case "threads.exec": return threads.map { .number($0.execution) }
        case "threads.speedup", "threads.limit":
            var model = threads
            if let share = arguments.first {
                guard let share = World.share(share) else { return nil }
                model = ThreadsModel(execution: share, threads: model?.threads ?? 1)
            }
            if arguments.count > 1 {
                guard let count = Double(arguments[1]), count >= 1, count < 1e12 else { return nil }
                model?.threads = Int(count)
            }
            return model.map { .number(name == "threads.limit" ? $0.limit : $0.speedup) }
        default:
            guard let from = Int(arguments[0]), let to = Int(arguments[1]), from > 0, to > 0,
                max(from, to) <= 1000
            else { return nil }
            let scheme: Partition.Scheme = name == "partition.moved" ? .modulo : .ring
            return .number(Partition.moved(scheme, from: from, to: to, keys: 10_000))
        }
    }

    /// A part of one, written as `40%` or `0.4`.
    static func share(_ text: String) -> Double? {
        guard text.hasSuffix("%") else { return Double(text) }
        return Double(text.dropLast()).map { $0 / 100 }
    }
}
