import Engine
import Grammar
import Testing

@Suite("INFO")
struct InfoTests {
    private func fields(_ node: TestNode, _ sections: String) -> [String: String] {
        var fields: [String: String] = [:]
        for line in node.lines("INFO " + sections) {
            guard let colon = line.firstIndex(of: ":") else { continue }
            fields[String(line[..<colon])] = String(line[line.index(after: colon)...])
        }
        return fields
    }

    @Test("Each flavour says what it is")
    func flavours() {
        let redis = fields(TestNode(), "server")
        #expect(redis["redis_version"] == "7.0.15")
        #expect(redis["redis_mode"] == "standalone")
        #expect(redis["server_name"] == nil)
        let valkey = fields(TestNode(flavour: .valkey80), "server")
        #expect(valkey["redis_version"] == "7.2.4")
        #expect(valkey["server_name"] == "valkey")
        #expect(valkey["valkey_version"] == "8.0.1")
        #expect(valkey["server_mode"] == "standalone")
        #expect(fields(TestNode(flavour: .redis72), "server")["redis_version"] == "7.2.4")
    }

    @Test("What the host knows is reported, and asked for anew each time")
    func host() {
        let node = TestNode()
        node.store.hostFacts.processID = 42
        node.store.hostFacts.executable = "/usr/bin/larder"
        node.store.hostFacts.port = 7000
        var asked = 0
        node.store.refreshHostFacts = {
            asked += 1
            $0.userTime = 1.5
            $0.residentMemory = 3 << 20
        }
        let all = fields(node, "everything")
        #expect(all["process_id"] == "42")
        #expect(all["executable"] == "/usr/bin/larder")
        #expect(all["tcp_port"] == "7000")
        #expect(all["used_cpu_user"] == "1.500000")
        #expect(all["used_memory_rss_human"] == "3.00M")
        #expect(asked == 1)
    }

    @Test("Counters count")
    func counters() {
        let node = TestNode()
        node.send("SET a 1")
        node.send("GET a")
        node.send("GET nope")
        node.send("GET")
        node.send("INCR a b")
        node.send("LRANGE")
        node.advance(milliseconds: 90_061_000)
        let all = fields(node, "all")
        #expect(all["keyspace_hits"] == "1")
        #expect(all["keyspace_misses"] == "1")
        #expect(all["total_commands_processed"] == "3")
        #expect(all["total_error_replies"] == "3")
        #expect(all["errorstat_ERR"] == "count=3")
        #expect(all["uptime_in_seconds"] == "90061")
        #expect(all["uptime_in_days"] == "1")
        #expect(all["db0"] == "keys=1,expires=0,avg_ttl=0")
        #expect(
            all["cmdstat_get"]
                == "calls=2,usec=0,usec_per_call=0.00,rejected_calls=1,failed_calls=0")
        #expect(all["latency_percentiles_usec_get"] == "p50=0.000,p99=0.000,p99.9=0.000")
        #expect(all["connected_clients"] == "1")
        node.send("CONFIG RESETSTAT")
        let after = fields(node, "all")
        #expect(after["keyspace_hits"] == "0")
        #expect(after["cmdstat_get"] == nil)
        #expect(after["connected_clients"] == "1")
    }

    @Test("Rates are the mean of sixteen samples, a tenth of a second each")
    func rates() {
        let node = TestNode()
        node.tick()
        for _ in 0..<16 {
            for _ in 0..<10 { node.send("PING") }
            node.advance(milliseconds: 100)
            node.tick()
        }
        #expect(fields(node, "stats")["instantaneous_ops_per_sec"] == "100")
    }

    @Test(
        "Sizes for people",
        arguments: [
            (0, "0B"), (1023, "1023B"), (1024, "1.00K"), (1_572_864, "1.50M"), (1 << 40, "1.00T"),
        ])
    func sizes(bytes: Int, text: String) {
        #expect(MetricValue.size(bytes).text == text)
    }

    @Test("Every measure has a sentence; names of CloudWatch are given once")
    func sentences() {
        var names: Set<String> = []
        for metric in AllMetrics.list {
            #expect(metric.doc.hasSuffix(".") && metric.doc.count > 5, "\(metric.name)")
            if let name = metric.cloudWatch {
                #expect(names.insert(name).inserted, "\(metric.name)")
            }
        }
        #expect(names.isSuperset(of: ["CacheHits", "CacheMisses", "Evictions", "Reclaimed"]))
    }

    @Test("The units fit what is printed")
    func units() {
        let node = TestNode(flavour: .valkey80)
        for metric in AllMetrics.list {
            let value = metric.read(node.store)
            if case .size = value {
                #expect(metric.unit == .size, "\(metric.name)")
            } else if case .percent = value {
                #expect(metric.unit == .percent, "\(metric.name)")
            } else if case .text(let text) = value, Double(text) == nil {
                #expect(metric.unit == .text, "\(metric.name)")
            } else if metric.unit == .flag {
                #expect([.integer(0), .integer(1)].contains(value), "\(metric.name)")
            }
        }
    }

    @Test("What the host tells of its loop and its buffers is reported")
    func loop() {
        let node = TestNode(flavour: .valkey80)
        node.store.noteTurn(nanoseconds: 3_000_000)
        node.store.noteTurn(nanoseconds: 5_000_000)
        node.store.noteOutputLimitExceeded()
        node.store.noteQueryLimitExceeded()
        for size in [64, 4096, 4096, 64] {
            node.store.noteBuffers(session: 0, inputRoom: 5, replies: size, peak: 40)
        }
        let stats = fields(node, "stats")
        #expect(stats["eventloop_cycles"] == "2")
        #expect(stats["eventloop_duration_sum"] == "8000")
        #expect(stats["client_output_buffer_limit_disconnections"] == "1")
        #expect(stats["client_query_buffer_limit_disconnections"] == "1")
        #expect(stats["reply_buffer_expands"] == "1")
        #expect(stats["reply_buffer_shrinks"] == "1")
        #expect(node.lines("CLIENT INFO")[1].contains(" qbuf-free=5 "))
        #expect(node.lines("CLIENT INFO")[1].contains(" rbs=64 rbp=40 "))
    }

    @Test("Connections that are subscribed or watch are counted")
    func kinds() {
        let node = TestNode(flavour: .valkey80)
        let other = node.open()
        node.send("SUBSCRIBE news", from: other)
        node.send("WATCH a b")
        let clients = fields(node, "clients")
        #expect(clients["pubsub_clients"] == "1")
        #expect(clients["watching_clients"] == "1")
        #expect(clients["total_watched_keys"] == "2")
    }

    @Test("No measure is declared twice for a flavour")
    func once() {
        for flavour in Flavour.allCases {
            var names: Set<String> = []
            for metric in AllMetrics.list
            where metric.availability.contains(flavour.availability) {
                #expect(names.insert(metric.name).inserted, "\(metric.name)")
            }
        }
    }
}
