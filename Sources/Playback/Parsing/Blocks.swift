// What stands in the fences that are no transcripts.

/// A question, its answers and why they are right.
public struct Quiz: Sendable {
    /// A possible answer.
    public struct Option: Sendable {
        /// Whether it is to be chosen.
        public var isCorrect: Bool
        /// The text.
        public var text: String
        /// What is said to somebody who chose it.
        public var feedback: String?
        /// What the run says of it: true exactly when it is to be chosen.
        public var verify: Expression?
        /// Where it stands.
        public var place: Place
    }

    /// What is asked for.
    public enum Answer: Sendable {
        /// One of several.
        case single([Option])
        /// All that are right.
        case multiple([Option])
        /// A number, within a tolerance.
        case number(Quantity, tolerance: Quantity?)
        /// Text that a regular expression finds.
        case pattern(String)
    }

    /// The question.
    public var question: [String]
    /// What is asked for.
    public var answer: Answer
    /// Why it is so.
    public var explanation: String
    /// What has to be true in the run if the answer is right; of a number, what it has to be.
    public var verify: Expression?
    /// Where the answer stands.
    public var answerPlace: Place
}

/// Requests at a rate for some time.
public struct LoadBlock: Sendable {
    /// `app` for the shop, or `commands`.
    public var client: Placed<String>
    /// The settings in their order: the words of the command `load` with their places.
    public var settings: [(name: Placed<String>, value: Placed<String>)]
    /// How long, in words such as `60s`.
    public var duration: Placed<String>?
    /// When it begins, counted from now.
    public var start: Placed<String>?
    /// Whether the next block begins while it runs.
    public var isBackground: Bool
}

/// Something that breaks or slows down: the line of the workbench that does it.
public struct FaultBlock: Sendable {
    /// The line as it is typed behind `wb>`.
    public var line: Placed<String>
    /// How long, in words; nil until it is undone.
    public var duration: Placed<String>?
    /// When it begins, counted from now.
    public var start: Placed<String>?
}

/// Curves.
public struct ChartBlock: Sendable {
    /// What stands above it.
    public var title: String
    /// The figures.
    public var series: [Expression]
    /// The time that it shows, in nanoseconds; nil for the step.
    public var window: UInt64?
    /// The blocks whose beginnings are marked.
    public var marks: [Placed<String>]
}

/// A task for the learner, and how it is known to be done.
public struct Exercise: Sendable {
    /// What is to be done.
    public var goal: String
    /// What is true when it is done.
    public var checks: [CheckLine]
    /// How it has to be done.
    public var technique: [CheckLine]
    /// What helps, one by one.
    public var hints: [String]
    /// A way to do it.
    public var solution: Transcript
    /// The sessions that the learner may use.
    public var sessions: [String]
    /// The load that runs when the learner says `go`.
    public var run: Placed<String>?
    /// How long that load runs, in words.
    public var duration: Placed<String>?
    /// True when `go` tries a pipeline instead of a load.
    public var triesPipeline: Bool
    /// How many commands that pipeline has, in words.
    public var commands: Placed<String>?
    /// What `go` warms by the strategy, after it has emptied the cache.
    public var warm: Placed<String>?
    /// What is emptied before the learner begins: `cache`, `app`.
    public var reset: [Placed<String>]
    /// Whether a skip plays the solution.
    public var solvesOnSkip: Bool

    /// Whether `go` begins something, so that the checks have to wait for it.
    public var beginsByGo: Bool { run != nil || triesPipeline }
}

/// What stands before the first heading.
public struct FrontMatter: Sendable {
    /// The title.
    public var title = ""
    /// What the scenario is called on the command line.
    public var id = ""
    /// Its place among the others.
    public var order = 0
    /// The minutes that it takes a learner.
    public var minutes = 0
    /// 1 to 3.
    public var level = 1
    /// The claims of the notes that it examines.
    public var claims: [String] = []
    /// The facts that it quotes.
    public var facts: [Placed<String>] = []
    /// What the place where it runs has to have.
    public var needs: [Placed<String>] = []
    /// Where it can run.
    public var backends: [String] = ["embedded"]
    /// The seed of all chance in it.
    public var seed: UInt64 = 1
    /// Settings of the engine.
    public var engine: [(name: Placed<String>, value: Placed<String>)] = []
    /// The names of the nodes.
    public var nodes: [String] = []
    /// The database and the application.
    public var fixtures: [(name: Placed<String>, settings: Settings)] = []
    /// Variables.
    public var variables: [(name: Placed<String>, value: Placed<String>)] = []
    /// Their values where the clock is real.
    public var realVariables: [(name: Placed<String>, value: Placed<String>)] = []
    /// The panels that are shown.
    public var dashboard: [Placed<String>] = []
    /// The scenarios that come before it.
    public var requires: [Placed<String>] = []
    /// The language of its prose.
    public var language = "en"
    /// The file that it translates.
    public var translates: Placed<String>?
    /// The digests of the steps that it translates, as they were then.
    public var sourceHashes: Settings = []

    /// Names and values of a fixture; a map within it has names such as `latency.mean`.
    public typealias Settings = [(name: Placed<String>, value: Placed<String>)]
}
