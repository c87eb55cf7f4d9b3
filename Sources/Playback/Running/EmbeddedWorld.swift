import Bytes
import Engine
public import Simulation

/// The world that the front matter of a scenario describes.
public enum EmbeddedWorld {
    /// What a world for a scenario begins with.
    public static func plan(_ scenario: Scenario, seed: UInt64) throws(WorldError) -> WorldPlan {
        let front = scenario.front
        var values: [String: String] = [:]
        for (name, value) in front.variables { values[name.value] = value.value }
        var settings = Settings()
        var aboveEmpty: Int?
        for (name, value) in front.engine {
            let text = Variables.filled(value.value) { values[$0] }
            switch name.value {
            case "flavor", "flavour":
                settings.flavour = EngineWords.flavour(text) ?? settings.flavour
            case "above-empty": aboveEmpty = Quantity(text).map { Int($0.base) }
            default: try set(name.value, text, in: &settings)
            }
        }
        let names = front.nodes.isEmpty ? ["primary"] : front.nodes
        var plan = WorldPlan(
            seed: seed,
            nodes: names.map {
                WorldPlan.NodePlan(name: $0, settings: settings, memoryAboveEmpty: aboveEmpty)
            })
        for fixture in front.fixtures {
            let words = FixtureSettings(fixture.settings, values)
            if fixture.name.value == "db" { plan.database = words.database }
            if fixture.name.value == "app" { plan.shop = words.shop }
        }
        if plan.shop != nil, plan.database == nil { plan.database = DatabasePlan() }
        return plan
    }

    private static func set(
        _ name: String, _ value: String, in settings: inout Settings
    ) throws(WorldError) {
        guard let setting = AllSettings.find(ByteString(name), settings.flavour) else {
            throw WorldError("the engine has no setting '\(name)'")
        }
        do throws(SettingError) {
            try setting.set([ByteString(value)], in: &settings, from: .file)
        } catch {
            throw WorldError("\(name): \(error.reason)")
        }
    }
}

/// The settings of a fixture.
private struct FixtureSettings {
    private let words: [String: String]

    init(_ settings: FrontMatter.Settings, _ values: [String: String]) {
        var words: [String: String] = [:]
        for (name, value) in settings {
            words[name.value] = Variables.filled(value.value) { values[$0] }
        }
        self.words = words
    }

    private func time(_ name: String) -> UInt64? {
        words[name].flatMap { Quantity($0)?.nanoseconds }
    }

    var database: DatabasePlan {
        var plan = DatabasePlan(
            table: words["table"] ?? "product", rows: words["rows"].flatMap { Int($0) } ?? 500)
        let mean = time("latency.mean") ?? 200_000_000
        let minimum = time("latency.min") ?? 0
        switch words["latency.dist"] ?? "normal" {
        case "fixed": plan.latency = LatencyDistribution(.constant(mean), minimum: minimum)
        default:
            plan.latency = LatencyDistribution(
                .normal(mean: mean, deviation: time("latency.sd") ?? mean / 8), minimum: minimum)
        }
        return plan
    }

    var shop: ShopPlan {
        var plan = ShopPlan()
        var strategy = ShopPlan.Strategy(usesCache: (words["strategy"] ?? "none") != "none")
        if words["strategy"] == "write-through" { strategy.onWrite = .update }
        if let life = time("ttl") { strategy.timeToLive = life }
        if let jitter = time("jitter") { strategy.jitter = jitter }
        if let early = time("early") { strategy.early = early }
        if let word = words["on_write"], let onWrite = ShopPlan.Strategy.OnWrite(rawValue: word) {
            strategy.onWrite = onWrite
        }
        strategy.isSingleFlight = ["on", "true"].contains(words["single_flight"] ?? "off")
        plan.strategy = strategy
        plan.cacheCost = time("cache_cost") ?? 0
        if let size = words["value_size"].flatMap({ Int($0) }) { plan.valueBytes = size }
        return plan
    }
}
