import Bytes
import Grammar
import Simulation
import Wire

// The commands of the workbench in a scenario: what one can do to the shop, the clock, the links,
// the nodes and the database. A block of a scenario is short for one of these lines.

extension WorkbenchLine {
    /// The commands by name.
    static let table = CommandTable<Stage>(
        [
            help, app, flush, fill, clock, link, cut, node, database, heal, load, go, set, figure,
            pipeline, threads,
        ],
        flavour: .valkey80)

    /// Declares a command of the workbench.
    static func command(
        _ name: String, _ summary: String, _ arguments: [Argument] = [], _ examples: [String],
        run: @escaping Command<Stage>.Handler
    ) -> Command<Stage> {
        Command(
            name, .connection, [], since: "1.0.0", summary: summary, complexity: "",
            arguments: arguments, arity: arguments.isEmpty ? nil : -1, examples: examples, run: run)
    }

    private static func container(
        _ name: String, _ summary: String, _ commands: [Command<Stage>]
    ) -> Command<Stage> {
        Command(
            container: name, .connection, since: "1.0.0", summary: summary, complexity: "",
            subcommands: commands)
    }

    /// An option: `ttl=time`.
    static func option(_ name: String) -> Argument { Argument.string(name).optional }

    /// Does something in the world; its refusal is that of the line.
    @discardableResult
    static func inWorld<Result>(
        _ work: () throws(WorldError) -> Result
    ) throws(CommandError) -> Result {
        do throws(WorldError) {
            return try work()
        } catch {
            throw CommandError(error.text)
        }
    }

    // MARK: Help and variables

    private static let help = command(
        "HELP", "Lists the commands of the workbench, or explains one.",
        [.string("command").repeated.optional], ["help app warm"]
    ) { (_, call, reply) in
        reply.buffer.append(utf8: help(reading(call, "HELP").words))
    }

    private static let set = command(
        "SET", "Gives a variable a value; lines use it as $NAME.",
        [.string("name"), .string("value")], ["set TTL 60s"]
    ) { (stage, call, reply) in
        let words = reading(call, "SET").words
        stage.set(words[0], words[1])
        reply.buffer.append(utf8: "\(words[0]) = \(words[1])\n")
    }

    private static let figure = command(
        "FIGURE", "Tells what a figure is, or whether a statement holds.",
        [.string("expression").repeated],
        ["figure app.latency.p99", "figure key(\"user:1\").ttl > 60"]
    ) { (stage, _, reply) throws(CommandError) in
        // The quotes of an expression are its own, so it is taken as it was typed.
        let line = stage.workbenchLine.drop { $0 == " " }
        let text = String(line.drop { $0 != " " }.drop { $0 == " " })
        do throws(ExpressionFailure) {
            let expression = try ExpressionParser.expression(
                text, at: Place(line: 1, column: 1))
            for case .figure(let call) in expression.figures.map(\.kind)
            where FigureTable.all[call.name] == nil {
                throw ExpressionFailure(
                    place: expression.place, length: 1,
                    text: "there is no figure '\(call.name)'", code: .unknownMetric)
            }
            var evaluator = stage.evaluator()
            let value = evaluator.value(expression)
            for term in evaluator.terms where term.text != text {
                reply.buffer.append(utf8: "\(term.line)\n")
            }
            let origin = evaluator.terms.first { $0.text == text }?.reading.origin
            let mark = origin.map { "  [\($0.rawValue)]" } ?? ""
            reply.buffer.append(utf8: "\(text) = \(value.text)\(mark)\n")
        } catch {
            throw CommandError(error.text)
        }
    }

    // MARK: The clock

    private static let clock = container(
        "CLOCK", "The virtual clock.",
        [
            command(
                "CLOCK ADVANCE", "Lets virtual time pass.", [.string("duration")],
                ["clock advance 30s"]
            ) { (stage, call, _) in
                stage.lineTakes =
                    Quantity(reading(call, "CLOCK ADVANCE").words[0])?.nanoseconds ?? 0
                stage.afterwards = { ["OK"] }
            },
            command("CLOCK NOW", "Tells how much virtual time has passed.", [], ["clock now"]) {
                (stage, _, reply) in
                let seconds = Double(stage.now) / 1e9
                reply.buffer.append(utf8: QuantityText.text(seconds, .seconds) + "\n")
            },
        ])

    // MARK: Links and nodes

    private static let link = command(
        "LINK", "Makes the way between a session and its node longer or unreliable.",
        [
            .string("session"), option("rtt=time"), option("delay=time"), option("loss=share"),
            option("for=time"),
        ], ["link r rtt=500us", "link all delay=20ms for=10s", "link r loss=5%"]
    ) { (stage, call, reply) throws(CommandError) in
        let words = reading(call, "LINK")
        let session = words.words[0] == "all" ? nil : words.words[0]
        if let trip = words.time("rtt") { stage.world.setRoundTrip(trip, session: session) }
        let world = stage.world
        if let delay = words.time("delay") {
            try inWorld { () throws(WorldError) in
                try world.inject(
                    .linkDelay(session: session, nanoseconds: delay), for: words.time("for"))
            }
        }
        if let share = words["loss"].flatMap({ Quantity($0)?.base }) {
            try inWorld { () throws(WorldError) in
                try world.inject(.linkLoss(session: session, share: share), for: words.time("for"))
            }
        }
        guard !words.options.isEmpty else {
            throw CommandError("say what the link is to be: rtt=500us, delay=20ms or loss=5%")
        }
        reply.buffer.append(utf8: "OK\n")
    }

    private static let cut = command(
        "CUT", "Cuts a session, or all, off from the nodes.",
        [.string("session"), option("for=time")], ["cut app for=5s", "cut all"]
    ) { (stage, call, reply) throws(CommandError) in
        let words = reading(call, "CUT")
        let session = words.words[0] == "all" ? nil : words.words[0]
        let world = stage.world
        try inWorld { () throws(WorldError) in
            try world.inject(.cut(session: session), for: words.time("for"))
        }
        reply.buffer.append(utf8: "OK\n")
    }

    private static func nodeFault(
        _ name: String, _ summary: String, _ example: String,
        _ fault: @escaping @Sendable (String) -> Fault
    ) -> Command<Stage> {
        command(name, summary, [.string("node").optional, option("for=time")], [example]) {
            (stage, call, reply) throws(CommandError) in
            let words = reading(call, name)
            let world = stage.world
            try inWorld { () throws(WorldError) in
                let node = words.words.first ?? world.plan.nodes[0].name
                return try world.inject(fault(node), for: words.time("for"))
            }
            reply.buffer.append(utf8: "OK\n")
        }
    }

    private static let skew = command(
        "NODE SKEW", "Sets the clock of a node's machine ahead or behind.",
        [
            .string("node").optional, option("ahead=time"), option("behind=time"),
            option("for=time"),
        ],
        ["node skew primary ahead=5s for=30s", "node skew behind=1m"]
    ) { (stage, call, reply) throws(CommandError) in
        let words = reading(call, "NODE SKEW")
        let ahead = words.time("ahead")
        let behind = words.time("behind")
        guard let time = ahead ?? behind, ahead == nil || behind == nil, time >= 1_000_000 else {
            throw CommandError("say how far the clock goes wrong: ahead=5s or behind=5s")
        }
        let milliseconds = Int64(min(time / 1_000_000, UInt64(Fault.longestSkew)))
        let world = stage.world
        try inWorld { () throws(WorldError) in
            try world.inject(
                .clockSkew(
                    node: words.words.first ?? world.plan.nodes[0].name,
                    milliseconds: ahead == nil ? -milliseconds : milliseconds),
                for: words.time("for"))
        }
        reply.buffer.append(utf8: "OK\n")
    }

    private static let node = container(
        "NODE", "The nodes.",
        [
            nodeFault(
                "NODE PAUSE", "Holds a node still; what arrives waits for it.",
                "node pause primary for=2s"
            ) { .pause(node: $0) },
            nodeFault(
                "NODE KILL", "Kills a node's process; what was in memory is gone.",
                "node kill primary for=5s"
            ) { .kill(node: $0) },
            skew,
            command(
                "NODE RESTART", "Starts a node again, empty.", [.string("node").optional],
                ["node restart primary"]
            ) { (stage, call, reply) throws(CommandError) in
                let words = reading(call, "NODE RESTART")
                let world = stage.world
                try inWorld { () throws(WorldError) in
                    try world.restart(node: words.words.first ?? world.plan.nodes[0].name)
                }
                reply.buffer.append(utf8: "OK\n")
            },
            command(
                "NODE SHUTDOWN", "Asks a node to end.", [.string("node").optional],
                ["node shutdown primary"]
            ) { (stage, call, reply) throws(CommandError) in
                let node =
                    reading(call, "NODE SHUTDOWN").words.first
                    ?? stage.world.plan.nodes[0].name
                guard stage.world.plan.nodes.contains(where: { $0.name == node }) else {
                    throw CommandError("there is no node '\(node)'")
                }
                // The session has the node's name, so it is the node that hears it.
                if case .none(let reason) = stage.world.call(["SHUTDOWN"], session: node) {
                    throw CommandError(reason)
                }
                reply.buffer.append(utf8: "node \(node): down\n")
            },
            command(
                "NODE MEMORY", "Bounds the memory of a node: so much beyond what it has empty.",
                [.string("node"), option("above-empty=size")],
                ["node memory primary above-empty=2MB"]
            ) { (stage, call, reply) throws(CommandError) in
                let words = reading(call, "NODE MEMORY")
                guard let size = words["above-empty"].flatMap({ Quantity($0)?.base }) else {
                    throw CommandError("say how much: above-empty=2MB")
                }
                let world = stage.world
                _ = try inWorld { () throws(WorldError) in
                    try world.setMemoryLimit(aboveEmpty: Int(size), node: words.words[0])
                }
                reply.buffer.append(utf8: "OK\n")
            },
        ])

    private static let heal = command("HEAL", "Ends everything that was broken.", [], ["heal"]) {
        (stage, _, reply) in
        stage.world.heal()
        reply.buffer.append(utf8: "OK\n")
    }
}
