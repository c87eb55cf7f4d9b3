import Bytes
import Grammar
import Simulation
import Wire

// Loads: requests that come by themselves. A load block of a scenario is short for `load run`.

extension WorkbenchLine {
    private static let loadOptions = [
        option("client=app|commands"), option("rate=rate"), option("to=rate"),
        option("path=rows"), option("dist=zipf|uniform|scan|hot"), option("s=number"),
        option("share=share"), option("writes=rate"), option("command=text"),
        option("session=text"), option("for=time"),
    ]

    static let load = Command<Stage>(
        container: "LOAD", .connection, since: "1.0.0", summary: "Requests at a rate.",
        complexity: "",
        subcommands: [
            command(
                "LOAD RUN", "Sends requests at a rate until the time is over.",
                [.string("name")] + loadOptions,
                [
                    "load run rush client=app rate=100rps path=/product/{1..500} for=60s",
                    "load run rush for=30s",
                ]
            ) { (stage, call, _) throws(CommandError) in
                try run(reading(call, "LOAD RUN"), on: stage)
            },
            command(
                "LOAD START", "Begins to send requests at a rate, and goes on.",
                [.string("name")] + loadOptions + [.token("BACKGROUND").optional],
                ["load start rush client=app rate=100rps path=/product/{1..500} for=10m"]
            ) { (stage, call, reply) throws(CommandError) in
                let words = reading(call, "LOAD START")
                let number = try start(words, on: stage)
                stage.running.append(
                    (words.words[0], number, words.flags.contains("background")))
                reply.buffer.append(utf8: "load \(words.words[0]) runs\n")
            },
            command(
                "LOAD STOP", "Ends a load, or all.", [.string("name").optional],
                ["load stop rush", "load stop"]
            ) { (stage, call, reply) throws(CommandError) in
                let name = reading(call, "LOAD STOP").words.first
                let ending = stage.running.filter { name == nil || $0.name == name }
                if let name, ending.isEmpty { throw CommandError("no load '\(name)' runs") }
                for load in ending { stage.world.stop(load: load.number) }
                stage.running.removeAll { load in ending.contains { $0.number == load.number } }
                reply.buffer.append(utf8: "OK\n")
            },
        ])

    static let go = command("GO", "Begins what the exercise has prepared.", [], ["go"]) {
        (stage, _, _) throws(CommandError) in
        guard let lines = stage.exercise else {
            throw CommandError("there is no exercise with something to begin")
        }
        // Only the last line takes time: what comes before it prepares the cache.
        for line in lines { _ = try WorkbenchLine.run(line, on: stage) }
    }

    /// Begins a load; the line takes as long as it lasts.
    private static func run(_ words: Reading, on stage: Stage) throws(CommandError) {
        let number = try start(words, on: stage)
        let name = words.words[0]
        let begin = stage.now
        stage.lineTakes = stage.loads[name].flatMap { LoadOptions($0).duration } ?? 0
        stage.afterwards = { [unowned stage] in
            let world = stage.world
            world.finish(load: number)
            let seconds = Double(world.now - begin) / 1e9
            return [
                "\(name): \(world.sent(load: number)) requests in "
                    + QuantityText.text(seconds.rounded(), .seconds)
            ]
        }
    }

    private static func start(_ words: Reading, on stage: Stage) throws(CommandError) -> Int {
        let name = words.words[0]
        // What is not said is as it was when the load was described.
        var settings = stage.loads[name] ?? []
        for option in words.options {
            settings.removeAll { $0.name == option.name }
            settings.append(option)
        }
        stage.loads[name] = settings
        let plan = try LoadOptions(settings).plan(name)
        let world = stage.world
        return try inWorld { () throws(WorldError) in try world.start(plan) }
    }
}

/// The options of a load.
struct LoadOptions {
    let settings: [(name: String, value: String)]

    init(_ settings: [(name: String, value: String)]) { self.settings = settings }

    private subscript(name: String) -> String? { settings.last { $0.name == name }?.value }

    /// How long it lasts, in nanoseconds.
    var duration: UInt64? { self["for"].flatMap { Quantity($0)?.nanoseconds } }

    /// The option words for the keys of a load block: `keys.path` is `path`.
    static func name(of key: String) -> String {
        key.hasPrefix("keys.") ? String(key.dropFirst("keys.".count)) : key
    }

    /// `/product/{1..500}` as numbers.
    static func numbers(_ pattern: String) -> ClosedRange<Int>? {
        guard let open = pattern.firstIndex(of: "{"),
            let close = pattern[open...].firstIndex(of: "}")
        else { return nil }
        let inner = pattern[pattern.index(after: open)..<close]
        guard let dots = inner.firstRange(of: ".."), let low = Int(inner[..<dots.lowerBound]),
            let high = Int(inner[dots.upperBound...]), low >= 0, low <= high, high < 10_000_000
        else { return nil }
        return low...high
    }

    /// The load that they say.
    func plan(_ name: String) throws(CommandError) -> LoadPlan {
        guard let duration else { throw CommandError("say how long the load lasts: for=60s") }
        guard let rate = self["rate"].flatMap({ Quantity($0)?.base }), rate > 0 else {
            throw CommandError("say how many requests come: rate=100rps")
        }
        var keys = 1...500
        if let path = self["path"] {
            guard let numbers = Self.numbers(path) else {
                throw CommandError("write the keys as /product/{1..500}, not '\(path)'")
            }
            keys = numbers
        }
        var plan = LoadPlan(
            name, client: try client(), rate: rate, for: duration, keys: keys,
            choice: try choice())
        if let to = self["to"].flatMap({ Quantity($0)?.base }) {
            plan.stages = [LoadPlan.Stage(duration: duration, from: rate, to: to)]
        }
        if let writes = self["writes"].flatMap({ Quantity($0)?.base }) { plan.writes = writes }
        return plan
    }

    private func choice() throws(CommandError) -> LoadPlan.Choice {
        switch self["dist"] ?? "zipf" {
        case "uniform": return .uniform
        case "scan": return .scan
        case "hot": return .hot(share: self["share"].flatMap { Quantity($0)?.base } ?? 0.5)
        case "zipf":
            guard let exponent = Double(self["s"] ?? "1.1"), exponent > 0 else {
                throw CommandError("s is a number above 0")
            }
            return .zipf(exponent: exponent)
        case let other:
            throw CommandError("keys are chosen zipf, uniform, scan or hot, not \(other)")
        }
    }

    /// Commands are separated by `;`; `9x` before one says that it is chosen nine times as often.
    private func client() throws(CommandError) -> LoadPlan.Client {
        guard self["client"] == "commands" else { return .shop }
        var scripts: [LoadPlan.Script] = []
        for part in (self["command"] ?? "").split(separator: ";") {
            var words = (Stage.words(of: String(part)) ?? []).map {
                String(decoding: $0, as: UTF8.self)
            }
            var weight = 1
            if let first = words.first, first.hasSuffix("x"), let number = Int(first.dropLast()) {
                weight = number
                words.removeFirst()
            }
            if !words.isEmpty { scripts.append(LoadPlan.Script([words], weight: weight)) }
        }
        guard !scripts.isEmpty else {
            throw CommandError("say what is sent: command=\"GET page:{key}\"")
        }
        return .commands(session: self["session"] ?? "r", scripts)
    }
}
