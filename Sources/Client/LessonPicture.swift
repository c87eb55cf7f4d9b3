public import Terminal

// The seam between whoever plays a lesson and whoever shows it: a picture of how the lesson stands,
// and what the person wants of it. The one knows no screens, the other no lessons.

/// A lesson as it stands at one moment.
public struct LessonPicture: Equatable, Sendable {
    /// What the lesson is called.
    public var title: String
    /// Which step it is, from 1.
    public var step: Int
    /// How many there are.
    public var steps: Int
    /// What the step is called; empty for none.
    public var heading = ""
    /// What is told, a paragraph each.
    public var prose: [String] = []
    /// What is to be watched: names of panels or of figures.
    public var watch: [String] = []
    /// What is to be foretold before the command can be run.
    public var prediction: Prediction?
    /// The command that is to be tried; empty for none.
    public var command = ""
    /// What Enter does where there is no command, or what is to be done then; empty for nothing.
    public var onward = ""
    /// Figures of the lesson's own, such as those of the shop in front of the cache.
    public var figures: [Figure] = []
    /// What must come true.
    public var checks: [Check] = []
    /// The hints that were given so far.
    public var hints: [String] = []
    /// How many more there are.
    public var hintsLeft = 0
    /// The steps by title, with whether each was done.
    public var stepList: [Step] = []
    /// What was reached so far, in words: questions and exercises.
    public var score = ""
    /// What was last said to what the person did; empty for nothing.
    public var remark = ""

    /// A step without anything.
    public init(title: String, step: Int, of steps: Int) {
        self.title = title
        self.step = step
        self.steps = steps
    }

    /// A question that is asked before something happens.
    public struct Prediction: Equatable, Sendable {
        /// The question.
        public var question: String
        /// The answers to choose from.
        public var options: [String]
        /// The one that was chosen, from 0.
        public var chosen: Int?
        /// Whether it was right, once that is known.
        public var isRight: Bool?

        /// A question that nobody has answered.
        public init(_ question: String, options: [String]) {
            self.question = question
            self.options = options
        }
    }

    /// Something that must come true.
    public struct Check: Equatable, Sendable {
        /// How it stands.
        public enum State: String, Sendable {
            /// Not yet.
            case open
            /// It has come true.
            case passed
            /// It has not come true in time.
            case failed
        }
        /// What it is, such as `hit rate 1m > 80 %`.
        public var text: String
        /// The value now.
        public var value: String
        /// How it stands.
        public var state: State

        /// A check.
        public init(_ text: String, value: String, _ state: State) {
            self.text = text
            self.value = value
            self.state = state
        }
    }

    /// A step.
    public struct Step: Equatable, Sendable {
        /// What it is called.
        public var title: String
        /// Whether it was done.
        public var isDone: Bool

        /// A step.
        public init(_ title: String, isDone: Bool) { (self.title, self.isDone) = (title, isDone) }
    }

    /// A figure of the lesson's own.
    public struct Figure: Equatable, Sendable {
        /// Its name.
        public var name: String
        /// Its value with the unit.
        public var value: String
        /// Where it comes from: measured, modelled or quoted.
        public var origin: String

        /// A figure.
        public init(_ name: String, value: String, origin: String) {
            (self.name, self.value, self.origin) = (name, value, origin)
        }
    }

    /// A lesson in the list.
    public struct Lesson: Equatable, Sendable {
        /// The name that opens it.
        public var name: String
        /// What it is called.
        public var title: String
        /// Steps that were done.
        public var done: Int
        /// Steps that there are.
        public var steps: Int
        /// Predictions that were right, of those that were made; nil where none was.
        public var right: Int?
        /// Predictions that were made.
        public var predicted = 0
        /// How often it was begun.
        public var attempts = 0
        /// Whether it was played to its end.
        public var isDone = false
        /// What was reached at its end: `gold`, `silver`, `bronze`; empty for nothing.
        public var medal = ""

        /// A lesson.
        public init(_ name: String, _ title: String, done: Int, of steps: Int) {
            self.name = name
            self.title = title
            self.done = done
            self.steps = steps
        }
    }
}

/// What the person wants of a lesson.
public enum LessonOrder: Equatable, Sendable {
    /// The step before, or the next one.
    case back, next
    /// The step from its beginning.
    case restart
    /// A hint.
    case hint
    /// The step without doing it.
    case skip
    /// The command is run, or put on the prompt to be changed.
    case run, edit
    /// An answer to the question, from 0.
    case predict(Int)
    /// Another lesson, by its name.
    case open(String)

    /// The order that words say, such as `next` or `predict 2`, counted from 1; nil for none.
    public init?(_ words: [String]) {
        let plain: [String: LessonOrder] = [
            "back": .back, "next": .next, "restart": .restart, "hint": .hint, "skip": .skip,
            "run": .run, "edit": .edit,
        ]
        if words.count == 1, let order = plain[words[0]] {
            self = order
        } else if words.count == 2, words[0] == "predict", let number = Int(words[1]), number > 0 {
            self = .predict(number - 1)
        } else if words.count == 2, words[0] == "open" {
            self = .open(words[1])
        } else {
            return nil
        }
    }
}

/// Whoever plays a lesson.
public protocol LessonSource: AnyObject, Sendable {
    /// Readable when the picture has changed; reading the picture makes it quiet.
    var descriptor: Descriptor { get }
    /// How the lesson stands; nil while none is open.
    var picture: LessonPicture? { get }
    /// All lessons, with how far each was done.
    var list: [LessonPicture.Lesson] { get }
    /// Does what the person wants.
    ///
    /// - Returns: what there is to say to it; nil for nothing.
    func perform(_ order: LessonOrder) -> String?
}
