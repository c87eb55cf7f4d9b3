import Bytes
import Grammar
import Simulation
import Wire

// The shop, its database and its cache.

extension WorkbenchLine {
    static let app = Command<Stage>(
        container: "APP", .connection, since: "1.0.0", summary: "The shop.", complexity: "",
        subcommands: [strategy, warm])

    private static let strategy = command(
        "APP STRATEGY", "Says how the shop uses its cache.",
        [
            .oneOf(
                "strategy", [.token("NONE"), .token("CACHE-ASIDE"), .token("WRITE-THROUGH")]),
            option("ttl=time"), option("jitter=time"), option("write=leave|delete|update"),
            option("early=time"), .token("SINGLE-FLIGHT").optional, .token("GUARD").optional,
            .token("IF-ABSENT").optional,
        ],
        [
            "app strategy cache-aside ttl=300s", "app strategy cache-aside ttl=30s jitter=30s",
            "app strategy cache-aside ttl=30s single-flight write=delete",
            "app strategy write-through ttl=300s", "app strategy none",
        ]
    ) { (stage, call, reply) throws(CommandError) in
        let words = reading(call, "APP STRATEGY")
        guard let shop = stage.world.shop else {
            throw CommandError("there is no shop in this scenario")
        }
        var strategy = ShopPlan.Strategy(usesCache: words.words[0].lowercased() != "none")
        if words.words[0].lowercased() == "write-through" { strategy.onWrite = .update }
        if let life = words.time("ttl") { strategy.timeToLive = life }
        if let jitter = words.time("jitter") { strategy.jitter = jitter }
        if let early = words.time("early") { strategy.early = early }
        if let word = words["write"], let onWrite = ShopPlan.Strategy.OnWrite(rawValue: word) {
            strategy.onWrite = onWrite
        }
        strategy.isSingleFlight = words.flags.contains("single-flight")
        strategy.guardsFills = words.flags.contains("guard")
        strategy.fillsIfAbsent = words.flags.contains("if-absent")
        shop.strategy = strategy
        reply.buffer.append(utf8: "strategy: \(strategy.summary)\n")
    }

    private static let warm = command(
        "APP WARM", "Puts products into the cache before the first customer asks for them.",
        [.string("rows").shown("products"), option("ttl=time"), option("jitter=time")],
        ["app warm /product/{1..500} ttl=300s"]
    ) { (stage, call, reply) throws(CommandError) in
        let words = reading(call, "APP WARM")
        guard let numbers = LoadOptions.numbers(words.words[0]) else {
            throw CommandError("write the products as /product/{1..500}")
        }
        let world = stage.world
        let count = try inWorld { () throws(WorldError) in
            try world.warm(numbers, life: words.time("ttl"), jitter: words.time("jitter"))
        }
        reply.buffer.append(utf8: "warmed \(count) keys\n")
    }

    static let flush = command("FLUSH", "Empties the cache.", [], ["flush"]) {
        (stage, _, reply) throws(CommandError) in
        switch stage.empty() {
        case .reply(let value):
            for line in Stage.lines(of: value, to: []) { reply.buffer.append(utf8: line + "\n") }
        case .none(let reason): throw CommandError(reason)
        case .waits, .silence: throw CommandError("no reply has come")
        }
    }

    static let fill = command(
        "FILL", "Stores a value of a size under many keys.",
        [.string("rows").shown("keys"), option("size=count"), option("ttl=time")],
        ["fill page:{1..2000} size=1000", "fill page:{1..2000} size=1000 ttl=60s"]
    ) { (stage, call, reply) throws(CommandError) in
        let words = reading(call, "FILL")
        let size = words["size"].flatMap { Int($0) } ?? 100
        let life = words.time("ttl").map { Int($0 / 1_000_000_000) }
        let world = stage.world
        let result = try inWorld { () throws(WorldError) in
            try world.fill(words.words[0], size: size, life: life)
        }
        reply.buffer.append(utf8: "stored \(result.stored) keys\n")
        if let error = result.error { reply.buffer.append(utf8: "(error) \(error)\n") }
    }

    static let database = Command<Stage>(
        container: "DB", .connection, since: "1.0.0", summary: "The database.", complexity: "",
        subcommands: [
            command(
                "DB SLOW", "Makes queries take so many times as long.",
                [option("factor=number"), option("for=time")], ["db slow factor=5 for=30s"]
            ) { (stage, call, reply) throws(CommandError) in
                let words = reading(call, "DB SLOW")
                guard let factor = words["factor"].flatMap({ Double($0) }) else {
                    throw CommandError("say how slow: factor=5")
                }
                let world = stage.world
                try inWorld { () throws(WorldError) in
                    try world.inject(.slowDatabase(factor: factor), for: words.time("for"))
                }
                reply.buffer.append(utf8: "OK\n")
            },
            command(
                "DB CHANGE", "Changes a row in the database behind the back of shop and cache.",
                [.string("count").shown("row")], ["db change 42"]
            ) { (stage, call, reply) throws(CommandError) in
                let row = Int(reading(call, "DB CHANGE").words[0]) ?? 0
                let world = stage.world
                let version = try inWorld { () throws(WorldError) in try world.changeRow(row) }
                reply.buffer.append(utf8: "row \(row) has version \(version)\n")
            },
        ])
}
