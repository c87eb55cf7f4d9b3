import ArgumentParser
import Bench
import Glibc

/// `larder bench`: the options of the load generator.
struct BenchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "Measure a server's throughput, latency, processor time and memory.",
        discussion: """
            Without --target the bench starts 'larder serve' for itself on a private socket and \
            stops it at the end. With --against it measures two servers in turns and prints \
            ratios:

              larder bench -t get,set -P 1,16,64 --against redis-server
              larder bench --memory --against redis-server
              larder bench --memory --shape zset --against redis-server
              larder bench --hit-ratio --against redis-server
            """)

    @Option(
        name: .customShort("n"),
        help: """
            Requests per test, or keys with --expiry (default: 100000; more with --against and \
            --in-process; a million with --expiry).
            """)
    var requests: Int?

    @Option(name: .customShort("c"), help: "Parallel connections.")
    var clients = 50

    @Option(
        name: .customShort("P"),
        help: """
            Commands per batch; several numbers with commas are measured in turn (default: 1; \
            16 with --in-process).
            """)
    var pipeline = ""

    @Option(name: .customShort("d"), help: "Bytes per value (default: 3; 32 with --memory).")
    var dataSize: Int?

    @Option(
        name: .customShort("r"),
        help: "How many different keys are used (default: 100000; a million with --in-process).")
    var keyspace: Int?

    @Option(help: "Where the random keys begin; the same seed gives the same keys.")
    var seed: UInt64 = 1

    @Option(name: .customShort("t"), help: "Tests, with commas between them.")
    var tests = ""

    @Option(help: "Measure the running server at this redis:// or unix: address.")
    var target: String?

    @Option(
        help: """
            Compare with the server at this address, or with a redis-server that the bench \
            starts if the word is 'redis-server'.
            """)
    var against: String?

    @Flag(help: "Let servers that the bench starts listen on a local socket, not on TCP.")
    var unix = false

    @Option(help: "How often the two sides of a comparison take turns.")
    var rounds = 5

    @Flag(help: "Drive a node inside this process, without a socket, on one thread.")
    var inProcess = false

    @Flag(help: "Measure the growth of resident memory per key.")
    var memory = false

    @Option(
        help: """
            What --memory fills servers with: strings, hash, small-hashes, zset, set, list or mixed.
            """)
    var shape = "strings"

    @Option(
        help: """
            Numbers of keys or elements for --memory, with commas between them (default: \
            600000,1000000,1600000 strings, a million elements or 100000 small hashes).
            """)
    var memoryKeys: String?

    @Option(help: "Seconds that each key lives, with --memory.")
    var ttl: Int?

    @Flag(help: "Measure the time to the first reply and to the first prompt.")
    var startup = false

    @Flag(help: "Measure the time from a key to the painted line at a prompt with 10,000 keys.")
    var typing = false

    @Flag(help: "Measure the stalls while -n keys (a million) expire at one instant.")
    var expiry = false

    @Flag(help: "Measure ZRANK and its kin on a sorted set of -r members (ten million).")
    var board = false

    @Flag(
        help: """
            Play streams of lookups at caches that hold 10, 30 and 60 per cent of the data and \
            show how many find their key.
            """)
    var hitRatio = false

    @Option(help: "Give the servers this bound on memory first, such as 64mb.")
    var maxmemory: String?

    @Option(help: "Give the servers this maxmemory-policy first, such as allkeys-lru.")
    var policy: String?

    @Flag(help: "Compare every byte of -n messages (100) to -r subscribers (10000) of a channel.")
    var fanout = false

    @Flag(help: "Count what clients are told of -n keys (100000) that expire and are evicted.")
    var events = false

    @Flag(help: "Allow FLUSHALL on running servers, where a measurement begins with none.")
    var flush = false

    @Flag(help: "Print the results as JSON.")
    var json = false

    @Option(help: "The larder program to start as the server, instead of this one.")
    var executable: String?

    func run() throws {
        var options = BenchOptions()
        let modes: [(Bool, BenchOptions.Mode)] = [
            (inProcess, .inProcess), (memory, .memory), (startup, .startup),
            (typing, .typing), (expiry, .expiry), (board, .board), (hitRatio, .hitRatio),
            (fanout, .fanOut), (events, .events),
        ]
        let chosen = modes.filter(\.0).map(\.1)
        guard chosen.count <= 1 else {
            throw ValidationError(
                """
                choose one of --in-process, --memory, --startup, --typing, --expiry, --board, \
                --hit-ratio, --fanout and --events
                """)
        }
        options.mode = chosen.first ?? .load
        options.requests = requests
        options.clients = clients
        options.pipelines = try numbers(pipeline, "-P")
        options.dataSize = dataSize
        options.keyspace = keyspace
        options.seed = seed
        options.tests = tests.split(separator: ",").map(String.init)
        options.target = target
        options.against = against
        options.overUnix = unix
        options.rounds = rounds
        guard let shape = MemoryShape(rawValue: shape) else {
            let names = MemoryShape.allCases.map(\.rawValue).joined(separator: ", ")
            throw ValidationError("--shape takes one of \(names)")
        }
        options.shape = shape
        options.memoryKeys =
            try memoryKeys.map { try numbers($0, "--memory-keys") } ?? shape.counts
        options.timeToLive = ttl
        options.maximumMemory = maxmemory
        options.policy = policy
        options.mayFlush = flush
        options.json = json
        options.executable = executable
        let code = try runBench(options)
        if code != 0 { throw ExitCode(code) }
    }

    private func numbers(_ text: String, _ option: String) throws -> [Int] {
        try text.split(separator: ",").map { part in
            guard let number = Int(part) else {
                throw ValidationError("\(option) takes whole numbers with commas between them")
            }
            return number
        }
    }
}
