// What a scenario file says, as a tree in which everything knows its place. Nothing of the file
// is dropped: what the format does not know is prose and shown as it stands, or a complaint.

/// A file that was read, and where it was included.
public struct ScenarioSource: Sendable {
    /// The path as it is shown.
    public var name: String
    /// Its lines without their ends.
    public var lines: [String]
    /// The number of the source that includes it, and the line there.
    public var includedFrom: (source: Int, line: Int)?
}

/// A scenario as it was read.
public struct Scenario: Sendable {
    /// The file itself, and the files that it includes.
    public internal(set) var sources: [ScenarioSource]
    /// What stands before the first heading.
    public internal(set) var front = FrontMatter()
    /// Headings, prose, cues and fences in their order.
    public internal(set) var elements: [Element] = []
    /// The number of the source whose front matter says what happens: of a translation, that of
    /// the file that it translates.
    var frontSource = 0
    /// The facts of its folder by their ids, for whoever shows it; empty until they are looked up.
    var facts: [String: Fact] = [:]

    /// The path as it is shown.
    public var name: String { sources[0].name }

    /// The headings that mark steps.
    public var steps: [Heading] {
        elements.compactMap { element in
            if case .heading(let heading) = element.kind, heading.level == 2 {
                heading
            } else {
                nil
            }
        }
    }
}

/// A part of a scenario.
public struct Element: Sendable {
    /// What it is.
    public enum Kind: Sendable {
        /// A title, a step or a smaller heading.
        case heading(Heading)
        /// Text that is told.
        case prose(Prose)
        /// A playback cue.
        case cue(Cue)
        /// Something that happens, or is shown as it stands.
        case fence(Fence)
        /// A line of `<details>` or `<summary>`, which the player passes over.
        case fold(String)
    }

    /// What it is.
    public var kind: Kind
    /// The number of the source that it stands in.
    public var source: Int
    /// Where it begins.
    public var place: Place
}

/// A heading.
public struct Heading: Sendable {
    /// 1 for the title, 2 for a step, more for layout.
    public var level: Int
    /// The text.
    public var text: String
    /// What links and `goto` call it.
    public var id: String
    /// Where it stands.
    public var place: Place
}

/// Lines of prose that belong together.
public struct Prose: Sendable {
    /// What they look like.
    public enum Kind: String, Sendable {
        /// A paragraph.
        case paragraph
        /// A list.
        case list
        /// A quote.
        case quote
        /// A quote that states a fact.
        case fact
        /// A table.
        case table
        /// Lines that the format does not know; they are shown as they stand.
        case verbatim
    }

    /// What they look like.
    public var kind: Kind
    /// The lines.
    public var lines: [String]
}

/// A comment that steers playback.
public struct Cue: Sendable {
    /// The names there are.
    public enum Name: String, CaseIterable, Sendable {
        case pause, pace, speed, id, note, dashboard, focus, when, endwhen, goto, hide, show
        case clear, block
    }

    /// Which it is.
    public var name: Name
    /// What stands behind the colon.
    public var text: String
    /// Where the text begins.
    public var textPlace: Place
    /// The condition of `when`.
    public var condition: Expression?
}

/// A value with its place.
public struct Placed<Value: Sendable>: Sendable {
    /// The value.
    public var value: Value
    /// Where it stands.
    public var place: Place

    /// A value at a place.
    init(_ value: Value, _ place: Place) {
        self.value = value
        self.place = place
    }
}

/// A fenced block.
public struct Fence: Sendable {
    /// The first word, by which it is highlighted.
    public var language: String
    /// The second word of a YAML fence.
    public var word: String?
    /// What it is called.
    public var id: Placed<String>?
    /// Its attributes in their order.
    public var attributes: [Attribute]
    /// What it says.
    public var block: Block
    /// The lines between its ends; the first is on the line after the opening.
    public var body: [String]
    /// The place of the opening.
    public var place: Place
    /// In a translation, the words that it has for a block of the source.
    var texts: BlockTexts?

    /// An attribute and its value; flags have none.
    public struct Attribute: Sendable {
        /// The name.
        public var name: String
        /// The value; nil for a flag.
        public var value: String?
        /// Where it stands.
        public var place: Place
        /// Where the value begins.
        public var valuePlace: Place
    }

    /// The value of an attribute; empty for a flag.
    func attribute(_ name: String) -> String? {
        attributes.first { $0.name == name }.map { $0.value ?? "" }
    }
}

/// What a fence says.
public enum Block: Sendable {
    /// Commands with the replies that are expected.
    case transcript(Transcript)
    /// Statements that are to be true.
    case check([CheckLine])
    /// A question.
    case quiz(Quiz)
    /// Requests at a rate.
    case load(LoadBlock)
    /// Something that breaks, or slows down.
    case fault(FaultBlock)
    /// Curves to be shown.
    case chart(ChartBlock)
    /// A task for the learner.
    case exercise(Exercise)
    /// Variables.
    case set([(name: Placed<String>, value: Placed<String>)])
    /// Another file's elements, which follow it; nil where it could not be read.
    case include(Placed<String>?)
    /// Shown, never run.
    case listing
}

/// A check and its conditions in time.
public struct CheckLine: Sendable {
    /// What is to be true.
    public var expression: Expression
    /// The virtual time within which it has to become true, in nanoseconds.
    public var within: UInt64?
    /// The virtual time for which it has to stay true, in nanoseconds.
    public var duration: UInt64?
    /// Why it should be.
    public var reason: String?
    /// The line as it stands.
    public var text: String
    /// Where it begins.
    public var place: Place
}

/// Commands and what is expected of them.
public struct Transcript: Sendable {
    /// A line of a transcript, with what belongs to it.
    public enum Item: Sendable {
        /// A command and its reply.
        case command(TranscriptCommand)
        /// What is pushed to a session.
        case push(session: String, expected: [Expectation], place: Place)
        /// A remark.
        case remark(String, place: Place)
    }

    /// Its items in order.
    public var items: [Item]

    /// The commands alone.
    public var commands: [TranscriptCommand] {
        items.compactMap { if case .command(let command) = $0 { command } else { nil } }
    }
}

/// A line that is typed, and what is expected to come back.
public struct TranscriptCommand: Sendable {
    /// Whose connection.
    public var session: String
    /// The line; continuation lines are joined by line ends.
    public var text: String
    /// Where the command begins, behind its prompt.
    public var place: Place
    /// The lines that are expected.
    public var expected: [Expectation]
}

/// A line that is expected.
public struct Expectation: Sendable, Equatable {
    /// The text, without its matcher.
    public var text: String
    /// How it may differ.
    public var matcher: Matcher
    /// The line as it stands; it is tried first.
    public var literal: String
    /// Where it begins.
    public var place: Place
}

/// How a line may differ from what is expected.
public enum Matcher: Sendable, Equatable {
    /// Not at all.
    case exact
    /// The text is a regular expression for the whole line.
    case regex
    /// The text is a glob pattern.
    case glob
    /// Any one line.
    case anything
    /// The lines so marked may come in any order.
    case unordered
    /// Nothing comes.
    case nothing
    /// The text has escapes such as `\t` and `\x1b`.
    case escaped
    /// Numbers with this unit may differ by so much.
    case tolerance(Quantity)
    /// Numbers with these units are within these bounds.
    case range(Quantity, Quantity)
    /// The value is kept under this name.
    case capture(String)
    /// Any number of lines.
    case ellipsis
}
