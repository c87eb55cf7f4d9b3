/// A number, a text or a truth that a world tells of itself.
public struct Figure: Sendable, Equatable {
    /// What it is.
    public enum Value: Sendable, Equatable {
        /// A number, in the unit.
        case number(Double)
        /// Text.
        case text(String)
        /// Yes or no.
        case truth(Bool)
    }

    /// What a number counts.
    public enum Unit: String, Sendable, CaseIterable {
        /// Things.
        case count
        /// A part of one: 0.5 is 50 %.
        case share
        /// Nanoseconds.
        case nanoseconds
        /// Bytes.
        case bytes
        /// Times a second.
        case perSecond
        /// So many times as much.
        case factor
        /// No number at all.
        case text
        /// Yes or no.
        case truth
    }

    /// Where a figure comes from, which everybody who sees it must be able to tell.
    public enum Origin: String, Sendable {
        /// It was counted: the engine and the world did what it says.
        case counted
        /// It follows from distributions and declared costs.
        case modelled
    }

    /// What it is.
    public var value: Value
    /// What a number counts.
    public var unit: Unit
    /// Where it comes from.
    public var origin: Origin

    /// The number, if it is one.
    public var number: Double? {
        if case .number(let number) = value { return number }
        return nil
    }
}

/// The time that a figure is about.
public enum FigureWindow: Sendable, Equatable {
    /// Since the step began.
    case step
    /// Since the run began.
    case run
    /// The last so many nanoseconds.
    case last(UInt64)
}

/// A figure that there is.
public struct FigureDeclaration: Sendable {
    /// What is given in brackets.
    public enum Argument: String, Sendable {
        /// A command's name.
        case command
        /// A key.
        case key
        /// A field of a hash, a member, or an index of a list.
        case element
        /// A node's name.
        case node
        /// A channel's name.
        case channel
        /// A session's name.
        case session
        /// A part of one, as `40%` or `0.4`.
        case share
        /// A number.
        case number
        /// A file's name.
        case file
    }

    /// Its name without brackets: `cmd.p50`, `pubsub.received`.
    public let name: String
    /// What is given in brackets, wherever these stand: `pubsub("news").received("cy")` has a
    /// channel and a session.
    public let arguments: [Argument]
    /// How many of the arguments may be left out, from the end.
    public let optionalArguments: Int
    /// What it counts.
    public let unit: Figure.Unit
    /// Where it comes from.
    public let origin: Figure.Origin
    /// True when it is about a time and takes a window.
    public let takesWindow: Bool
    /// What it means.
    public let help: String
    /// Why there is no such figure yet; nil when there is.
    public let missing: String?

    init(
        _ name: String, of arguments: [Argument] = [], optional: Int = 0, _ unit: Figure.Unit,
        origin: Figure.Origin = .counted, window: Bool = true, _ help: String,
        missing: String? = nil
    ) {
        self.name = name
        self.arguments = arguments
        optionalArguments = optional
        self.unit = unit
        self.origin = origin
        takesWindow = window
        self.help = help
        self.missing = missing
    }
}
