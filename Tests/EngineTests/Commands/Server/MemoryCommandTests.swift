import Engine
import Testing

@Suite("MEMORY")
struct MemoryCommandTests {
    @Test("Refusals, as redis-server has them")
    func refusals() {
        Transcript(
            """
            > MEMORY USAGE nobody
            $-1
            > MEMORY USAGE nobody SAMPLES 3
            $-1
            > MEMORY USAGE nobody foo 3
            -ERR syntax error
            > MEMORY USAGE nobody SAMPLES
            -ERR syntax error
            > MEMORY USAGE nobody SAMPLES x
            -ERR value is not an integer or out of range
            > MEMORY USAGE nobody SAMPLES -1
            -ERR syntax error
            > MEMORY USAGE
            -ERR wrong number of arguments for 'memory|usage' command
            > MEMORY NONSENSE
            -ERR unknown subcommand 'NONSENSE'. Try MEMORY HELP.
            """
        ).play(at: TestNode())
    }

    @Test("What a key takes is what the ledger counts for it, and its place in the table")
    func usage() {
        let node = TestNode()
        let lines = [
            "SET short 1", "SET text hello", "APPEND long \(String(repeating: "x", count: 5000))",
            "HSET small a 1 b 2", "HSET large a \(String(repeating: "y", count: 300))",
        ]
        for line in lines {
            let before = node.store.ledger.entries
            node.send(line)
            let grown = node.store.ledger.entries - before
            let key = line.split(separator: " ")[1]
            #expect(grown > 0)
            #expect(node.send("MEMORY USAGE \(key)") == ":\(grown + 12)\r\n")
            #expect(node.send("MEMORY USAGE \(key) SAMPLES 0") == ":\(grown + 12)\r\n")
        }
    }
}
