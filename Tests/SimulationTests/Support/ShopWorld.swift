import Simulation

let millisecond: UInt64 = 1_000_000
let second: UInt64 = 1_000_000_000

/// The shop of the lessons: 500 products, a database of 200 ms, a cache command of 1 ms.
func shopWorld(
    seed: UInt64, rows: Int = 500, _ change: (inout WorldPlan) -> Void = { _ in }
) -> World {
    var plan = WorldPlan(seed: seed)
    plan.database = DatabasePlan(rows: rows)
    var shop = ShopPlan()
    shop.cacheCost = millisecond
    plan.shop = shop
    change(&plan)
    let world = World(plan)
    world.beginRun()
    return world
}

extension World {
    /// Runs a load to its end, in a step of its own.
    func play(_ plan: LoadPlan) throws {
        beginStep()
        finish(load: try start(plan))
    }

    /// A figure's number, or nothing at all.
    func number(
        _ name: String, _ arguments: [String] = [], _ window: FigureWindow = .step
    ) -> Double {
        figure(name, arguments, window: window)?.number ?? .nan
    }

    /// A figure of time in milliseconds.
    func time(_ name: String, _ window: FigureWindow = .step) -> Double {
        number(name, [], window) / 1e6
    }
}
