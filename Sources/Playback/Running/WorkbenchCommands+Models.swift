import Bytes
import Grammar
import Simulation
import Wire

// Trials of models: how much pipelines and threads can do.

extension WorkbenchLine {
    static let pipeline = command(
        "PIPELINE", "Tries how much faster commands are that go so many at a time.",
        [option("depth=count"), option("commands=count"), option("session=text")],
        ["pipeline depth=16", "pipeline depth=6 commands=1000 session=r"]
    ) { (stage, call, reply) throws(CommandError) in
        let words = reading(call, "PIPELINE")
        if let depth = words["depth"].flatMap({ Int($0) }) { stage.pipelineDepth = depth }
        let isSaid = stage.exercise?.last?.hasPrefix("pipeline") == true && words["commands"] == nil
        if isSaid {
            reply.buffer.append(utf8: "depth \(stage.pipelineDepth), see go\n")
            return
        }
        let count = words["commands"].flatMap { Int($0) } ?? 1000
        let speedup = stage.world.tryPipeline(
            depth: stage.pipelineDepth, commands: count, session: words["session"] ?? "r")
        reply.buffer.append(
            utf8: "\(count) commands, \(stage.pipelineDepth) at a time: "
                + "\(tenths(speedup)) times as fast  [modelled]\n")
    }

    static let threads = command(
        "THREADS", "Tells how much faster threads for reading and writing can make a node.",
        [option("exec=share"), option("threads=count")], ["threads exec=40% threads=8"]
    ) { (stage, call, reply) throws(CommandError) in
        let words = reading(call, "THREADS")
        guard let share = words["exec"].flatMap({ Quantity($0)?.base }), share > 0 else {
            throw CommandError("say the share of execution: exec=40%")
        }
        let count = words["threads"].flatMap { Int($0) } ?? 1
        let model = ThreadsModel(execution: share, threads: count)
        stage.world.threads = model
        reply.buffer.append(
            utf8: "exec \(QuantityText.rounded(share * 100)) %, \(count) threads: "
                + "\(tenths(model.speedup)) times, at most \(tenths(model.limit))  [modelled]\n")
    }

    /// A number with one digit behind the point.
    private static func tenths(_ number: Double) -> String {
        guard number.isFinite, number < 1e15 else { return "unbounded" }
        let tenths = Int64((number * 10).rounded())
        return "\(tenths / 10).\(tenths % 10)"
    }
}
