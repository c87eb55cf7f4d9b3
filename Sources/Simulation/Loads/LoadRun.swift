import Bytes

/// A load under way.
final class LoadRun {
    let number: Int
    let plan: LoadPlan
    let startedAt: UInt64
    /// The connection for commands.
    let link: Link?
    var inFlight = 0
    /// True when no more requests come.
    private(set) var isOver = false
    private(set) var sent = 0
    private var arrivals: RateSchedule
    private var changes: RateSchedule
    private var sampler: KeySampler
    private var dice: Random
    private let scripts: [(weight: Int, commands: [[WordTemplate]])]
    private let totalWeight: Int
    private var pendingStreams = 0

    init(_ plan: LoadPlan, number: Int, at time: UInt64, link: Link?, seed: UInt64) {
        self.plan = plan
        self.number = number
        startedAt = time
        self.link = link
        arrivals = RateSchedule(plan.stages)
        let writes = LoadPlan.Stage(duration: plan.duration, rate: plan.writes)
        changes = RateSchedule(plan.writes > 0 ? [writes] : [])
        sampler = KeySampler(plan.keys, plan.choice)
        dice = Random(seed: seed)
        if case .commands(_, let scripts) = plan.client {
            self.scripts = scripts.map { script in
                (max(1, script.weight), script.commands.map { $0.map(WordTemplate.init) })
            }
        } else {
            scripts = []
        }
        totalWeight = scripts.reduce(0) { $0 + $1.weight }
        pendingStreams = 2
    }

    /// When the next request comes; nil when there is none.
    func next(isWrite: Bool) -> UInt64? {
        if isOver { return nil }
        let offset = isWrite ? changes.takeNext() : arrivals.takeNext()
        guard let offset else {
            pendingStreams -= 1
            if pendingStreams == 0 { isOver = true }
            return nil
        }
        return startedAt + offset
    }

    /// Lets no more come.
    func stop() { isOver = true }

    /// True when all that came has been answered.
    var isDone: Bool { isOver && inFlight == 0 }

    func key() -> Int {
        sent += 1
        return sampler.draw(&dice)
    }

    /// The commands of one request.
    func commands(key: Int) -> [Request] {
        guard !scripts.isEmpty else { return [] }
        var place = 0
        if scripts.count > 1 {
            var point = dice.next(below: totalWeight)
            while point >= scripts[place].weight {
                point -= scripts[place].weight
                place += 1
            }
        }
        return scripts[place].commands.map { words in
            Request(words.map { $0.filled(key: key, number: sent, &dice) })
        }
    }

    /// What decides how it goes on.
    var digest: String {
        var copy = dice
        return "\(number) \(sent) \(inFlight) \(isOver) \(copy.next())"
    }
}
