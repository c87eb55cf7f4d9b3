import Histogram
import Testing

@testable import Bench

/// The whole path over a socket, against a real server where one is installed.
@Suite struct LoadTests {
    static let isInstalled = ["/usr/bin", "/usr/local/bin"].contains {
        namesInDirectory($0).contains("redis-server")
    }

    @Test(.enabled(if: isInstalled, "redis-server is not installed"))
    func aRunSendsExactlyWhatItWasAsked() throws {
        let report = BenchReport(json: true)
        let server = try BenchServer.start(.redis, overUnix: true)
        #expect(server.isChild && server.account != nil)
        try server.fill(keys: 0..<1000, dataSize: 4, suffix: [], report)
        let control = try ControlConnection(server.address)
        #expect(try control.command(["DBSIZE"]) == .integer(1000))
        #expect(try control.command(["GET", "key:000000000999"]) == .text("xxxx"))

        // 1003 commands in batches of ten over seven connections: the last batch is a short one.
        let sockets = try LoadSockets(address: server.address, clients: 7)
        let incr = try BenchTest.named(["incr"])[0].template(dataSize: 0)
        var plan = LoadPlan(
            template: incr, requests: 1003, pipeline: 10, keys: .random(below: 1, seed: 1))
        let result = try sockets.run(plan)
        #expect(result.requests == 1003)
        #expect(result.errors == 0)
        #expect(result.latency.totalCount == 1003)
        #expect(try control.command(["GET", "counter:000000000000"]) == .text("1003"))

        // Fewer requests than connections, replies that are errors, and replies of many parts.
        plan.template = RequestTemplate(["INCR", "key:{n}"])
        plan.requests = 3
        let refused = try sockets.run(plan)
        #expect(refused.errors == 3)
        #expect(refused.firstError == "ERR value is not an integer or out of range")
        let lrange = try BenchTest.named(["lrange_300"])[0]
        var options = BenchOptions()
        options.dataSize = 1000
        try server.prepare(for: lrange, requests: 1, options, report)
        plan.template = lrange.template(dataSize: 0)
        plan.requests = 50
        let long = try sockets.run(plan)
        #expect(long.requests == 50 && long.errors == 0)

        // Who takes elements finds one for each request.
        let lpop = try BenchTest.named(["lpop"])[0]
        try server.prepare(for: lpop, requests: 700, options, report)
        #expect(try control.command(["LLEN", "mylist"]) == .integer(700))
    }

    @Test func aServerThatIsNotThereIsReported() {
        #expect(throws: BenchError.self) {
            try LoadSockets(address: BenchAddress(.unix(path: "/nonexistent/socket")), clients: 1)
        }
        #expect(throws: BenchError.self) {
            try ChildProcess.start(["/nonexistent/program"], log: "/dev/null")
        }
    }

    @Test func optionsAreChecked() {
        var options = BenchOptions()
        #expect(throws: Never.self) { try options.check() }
        options.clients = 0
        #expect(throws: BenchError.self) { try options.check() }
        options.clients = 1
        options.pipelines = [0]
        #expect(throws: BenchError.self) { try options.check() }
        options.pipelines = [1]
        options.mode = .memory
        options.memoryKeys = []
        #expect(throws: BenchError.self) { try options.check() }
    }
}
