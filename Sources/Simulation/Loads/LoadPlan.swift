/// Requests that come by themselves, at times that are exact in virtual time.
public struct LoadPlan: Sendable, Equatable {
    /// Who asks.
    public enum Client: Sendable, Equatable {
        /// Customers of the shop.
        case shop
        /// A program that sends commands to a node, over a connection of its own that is as long
        /// as that of the session.
        case commands(session: String, [Script])
    }

    /// Commands that are sent together. In a word, `{key}` stands for the number that was drawn,
    /// `{name}` for a name that belongs to it, `{n}` for the number of the request, `{1..9}` for
    /// any number in between, and `{bytes:100}` for a text of that length.
    public struct Script: Sendable, Equatable {
        /// The commands, each a list of words.
        public var commands: [[String]]
        /// How often this one is chosen, against the others.
        public var weight: Int

        /// A script.
        public init(_ commands: [[String]], weight: Int = 1) {
            self.commands = commands
            self.weight = weight
        }
    }

    /// A time in which the rate goes evenly from one value to another.
    public struct Stage: Sendable, Equatable {
        /// How long it lasts, in nanoseconds.
        public var duration: UInt64
        /// Requests a second at its beginning.
        public var from: Double
        /// Requests a second at its end.
        public var to: Double

        /// A stage.
        public init(duration: UInt64, from: Double, to: Double) {
            self.duration = duration
            self.from = from
            self.to = to
        }

        /// The same rate all the time.
        public init(duration: UInt64, rate: Double) {
            self.init(duration: duration, from: rate, to: rate)
        }
    }

    /// Which keys are asked for.
    public enum Choice: Sendable, Equatable {
        /// All as often.
        case uniform
        /// The key of rank k in proportion to 1 / k to the power of `exponent`.
        case zipf(exponent: Double)
        /// One after the other, and from the beginning again.
        case scan
        /// The first with this share of all requests, the others all as often.
        case hot(share: Double)
    }

    /// What reports call it.
    public var name: String
    /// Who asks.
    public var client: Client
    /// The rate, stage after stage.
    public var stages: [Stage]
    /// The numbers of the keys.
    public var keys: ClosedRange<Int>
    /// Which of them are asked for.
    public var choice: Choice
    /// Changes a second that somebody makes in the shop meanwhile; they are not in the rate.
    public var writes: Double = 0

    /// A load at an even rate.
    public init(
        _ name: String, client: Client = .shop, rate: Double, for duration: UInt64,
        keys: ClosedRange<Int> = 1...500, choice: Choice = .zipf(exponent: 1.1)
    ) {
        self.name = name
        self.client = client
        stages = [Stage(duration: duration, rate: rate)]
        self.keys = keys
        self.choice = choice
    }

    /// How long it lasts, in nanoseconds.
    public var duration: UInt64 { stages.reduce(0) { $0 &+ $1.duration } }
}
