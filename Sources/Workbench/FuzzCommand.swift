import ArgumentParser
import Bench
import Terminal

/// `larder fuzz`: the long run of what the tests do briefly.
struct FuzzCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fuzz",
        abstract: "Give the request parser and the node streams of damaged requests.",
        discussion: """
            Each stream goes whole to one node and in pieces to another; both must answer the \
            same. The exit status is 1 when something was found; the account names the seed and \
            the number of the input.
            """,
        shouldDisplay: false)

    @Option(help: "How many streams.")
    var inputs = 10_000_000

    @Option(help: "What all streams follow from.")
    var seed: UInt64 = 1

    func run() throws {
        var fuzz = RequestFuzz(seed: seed)
        Descriptor.output.write("seed \(seed)\n")
        let step = max(1, inputs / 20)
        while fuzz.summary.inputs < inputs {
            do throws(RequestFuzz.Finding) {
                try fuzz.run(min(step, inputs - fuzz.summary.inputs))
            } catch {
                Descriptor.output.write("\(error)\n")
                throw ExitCode.failure
            }
            let done = fuzz.summary
            Descriptor.output.write(
                "\(done.inputs) inputs, \(done.bytes) bytes, \(done.requests) requests, "
                    + "\(done.closed) closed, \(done.unfinished) unfinished, "
                    + "at most \(done.footprint) bytes kept by a node, "
                    + "\(RequestFuzz.residentBytes >> 10) KB resident\n")
        }
    }
}
