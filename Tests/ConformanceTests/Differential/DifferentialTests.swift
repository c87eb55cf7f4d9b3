import Glibc
import Testing

/// The engine as flavour redis-7.0 against a real redis-server 7.0: the same random requests to
/// both, replies compared byte for byte, and whole keyspaces now and at the end.
///
/// Each family of commands plays in RESP2 and in RESP3. Requests come from the declared grammar
/// with few keys and values at the edges; a quarter is spoiled, some are typed as lines, and
/// connections also get streams that break the protocol. What cannot be compared is listed in
/// `Exemption.all`, each with its reason. Times are far from now, past or in the year 2100, so
/// that no test waits and no clock decides.
///
/// The suite plays a few thousand requests of each kind. The long run is the same test:
///
///     LARDER_DIFFERENTIAL_COMMANDS=200000 swift test --filter Differential
///
/// `LARDER_DIFFERENTIAL_SERVER=valkey-server` compares the Valkey flavour with that server.
/// `LARDER_DIFFERENTIAL_SEED` chooses another seed; a failure prints the one that it had.
@Suite(
    .serialized,
    .enabled(if: RealServer.isInstalled, Comment(rawValue: RealServer.notice)))
struct DifferentialTests {
    /// The server that is compared. The flavour of Valkey is 8.0, so valkey-server, which later
    /// versions differ from in small things, is asked for by name: it tells what differs.
    static let server =
        setting("LARDER_DIFFERENTIAL_SERVER").flatMap(RealServer.Kind.init) ?? .redis

    @Test(arguments: [2, 3])
    func strings(version: Int) throws { try play(.strings, version) }

    @Test(arguments: [2, 3])
    func keysAndExpiry(version: Int) throws { try play(.keys, version) }

    @Test(arguments: [2, 3])
    func lists(version: Int) throws { try play(.lists, version) }

    @Test(arguments: [2, 3])
    func hashes(version: Int) throws { try play(.hashes, version) }

    @Test(arguments: [2, 3])
    func sets(version: Int) throws { try play(.sets, version) }

    @Test(arguments: [2, 3])
    func sortedSets(version: Int) throws { try play(.sortedSets, version) }

    @Test(arguments: [2, 3])
    func sorting(version: Int) throws { try play(.sorting, version) }

    @Test(arguments: [2, 3])
    func connection(version: Int) throws { try play(.connection, version) }

    @Test(arguments: [2, 3])
    func connectionWithPassword(version: Int) throws {
        try play(.connection, version, password: "sesame")
    }

    /// Several connections at a time: transactions, messages and commands that wait.
    @Test(arguments: [2, 3])
    func sessions(version: Int) throws {
        let count = Int(DifferentialTests.setting("LARDER_DIFFERENTIAL_COMMANDS") ?? "") ?? 3000
        let seed = UInt64(DifferentialTests.setting("LARDER_DIFFERENTIAL_SEED") ?? "") ?? 20_250
        let duel = try SessionDuel(Self.server, version: version, seed: seed &+ UInt64(version))
        let difference = try duel.run(count)
        if let difference { Issue.record(Comment(rawValue: difference)) }
        #expect(duel.tally.bytes > 2 * count)
        if count > 3000 {
            let result = difference == nil ? "equal" : "different"
            let name = "\(Self.server.rawValue), sessions, RESP\(version)"
            print("\(result): \(name), \(count) commands: \(duel.tally)")
        }
    }

    private func play(_ family: Family, _ version: Int, password: String = "") throws {
        let count = Int(DifferentialTests.setting("LARDER_DIFFERENTIAL_COMMANDS") ?? "") ?? 3000
        let seed = UInt64(DifferentialTests.setting("LARDER_DIFFERENTIAL_SEED") ?? "") ?? 20_250
        // Each run has requests of its own.
        let plan = Duel.Plan(
            server: Self.server, family: family, version: version, password: password,
            seed: seed &+ UInt64(version), count: count)
        let duel = try Duel(plan)
        let difference = try duel.run()
        if let difference { Issue.record(Comment(rawValue: difference)) }
        // A run of nothing but refusals would compare little.
        #expect(duel.tally.errors * 5 < duel.tally.replies * 4, "\(plan): \(duel.tally)")
        if count > 3000 {
            let result = difference == nil ? "equal" : "different"
            print("\(result): \(plan): \(duel.tally)")
        }
    }

    private static func setting(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }
    }
}
