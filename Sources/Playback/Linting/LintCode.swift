/// Everything that lint can complain of. A code keeps its number for ever.
public enum LintCode: String, CaseIterable, Sendable {
    case notUTF8 = "S101"
    case frontMissing = "S102"
    case frontNotClosed = "S103"
    case titleMissing = "S104"
    case titleTwice = "S105"
    case unclosedFence = "S106"
    case fenceNotInFirstColumn = "S107"
    case brokenInfo = "S108"
    case unknownKind = "S109"
    case unknownAttribute = "S110"
    case attributeValue = "S111"
    case brokenCue = "S112"
    case unknownCue = "S113"
    case cueText = "S114"
    case cueMisplaced = "S115"
    case duplicateID = "S116"
    case emptyHeading = "S117"
    case underlinedHeading = "S118"
    case unreadable = "S119"

    case expressionSyntax = "S201"
    case undefinedVariable = "S202"
    case unitMismatch = "S203"
    case unknownMetric = "S204"
    case metricArguments = "S205"
    case unknownUnit = "S206"
    case badPattern = "S207"
    case noStatement = "S208"
    case metricUnavailable = "S209"
    case unknownItem = "S210"

    case badMatcher = "S301"
    case expectationWithoutCommand = "S302"
    case continuationWithoutCommand = "S303"
    case commandQuotes = "S304"
    case shopRequest = "S305"
    case unknownWorkbenchCommand = "S310"
    case unknownCommand = "S311"
    case commandArguments = "S312"

    case yamlSyntax = "S401"
    case unknownKey = "S402"
    case missingKey = "S403"
    case wrongValue = "S404"
    case wrongWord = "S405"
    case duplicateKey = "S406"
    case unknownFrontKey = "S407"
    case engineSetting = "S408"

    case quizWithoutAnswer = "S501"
    case quizWithoutExplanation = "S502"
    case quizWithoutQuestion = "S503"
    case quizWithSeveral = "S504"
    case quizMixed = "S505"
    case quizStray = "S506"
    case quizNumber = "S507"
    case exerciseWithoutSolution = "S511"
    case exerciseWithoutCheck = "S512"
    case exerciseWithoutHint = "S513"
    case unknownLoad = "S514"

    case gotoUnknown = "S601"
    case gotoLoop = "S602"
    case includeMissing = "S603"
    case includeCircular = "S604"
    case includeOutside = "S605"
    case deadLink = "S606"
    case requiresUnknown = "S608"
    case requiresCircular = "S609"

    case unknownFact = "S701"
    case oldFact = "S702"
    case factWithoutSource = "S703"
    case factBoxWithoutLink = "S704"
    case brokenFact = "S705"

    case translatedFile = "S801"
    case translationLanguage = "S802"
    case staleTranslation = "S803"
    case untranslatedStep = "S804"
    case translatedStepUnknown = "S805"
    case translatedStepOrder = "S806"
    case translatedBlockUnknown = "S807"
    case translatedBlockTwice = "S808"
    case translatedBlockMissing = "S809"
    case translatedOrder = "S810"
    case translatedCommand = "S811"
    case translatedTexts = "S812"
    case translatedCue = "S813"

    /// How bad it is.
    public enum Severity: String, Sendable {
        /// The scenario is not played.
        case error
        /// It is played.
        case warning
    }

    /// How bad it is.
    public var severity: Severity {
        switch self {
        case .exerciseWithoutHint, .oldFact, .staleTranslation, .untranslatedStep: .warning
        default: .error
        }
    }
}

extension LintCode {
    /// What it means, and what to do.
    public var meaning: (text: String, remedy: String) {
        switch self {
        case .notUTF8: ("the file is not UTF-8", "save it as UTF-8")
        case .frontMissing: ("no front matter", "begin the file with '---', keys and '---'")
        case .frontNotClosed: ("the front matter has no end", "close it with '---'")
        case .titleMissing: ("no title", "write one heading '# title'")
        case .titleTwice: ("a second title", "make it a step, '## …'")
        case .unclosedFence: ("a fence is not closed", "close it with the signs that opened it")
        case .fenceNotInFirstColumn:
            ("a fence is indented, in a list or a quote", "move it to column 1")
        case .brokenInfo:
            ("the opening line of a fence cannot be read", "write word, kind, #id, name=value")
        case .unknownKind: ("a fence of an unknown kind", "use one of the kinds")
        case .unknownAttribute: ("an attribute that this kind has not", "see the list of kinds")
        case .attributeValue: ("an attribute's value does not fit", "write what the text says")
        case .brokenCue: ("a comment is not closed on its line", "end it with ' -->'")
        case .unknownCue: ("a cue that there is not", "use one of the cues, or prose")
        case .cueText: ("a cue's text does not fit", "write what the text says")
        case .cueMisplaced:
            ("a cue stands where it means nothing", "put it above its heading or fence, or pair it")
        case .duplicateID: ("an id stands twice", "give one of them another id")
        case .emptyHeading: ("a heading without text", "give it a text")
        case .underlinedHeading: ("a heading by a line of signs", "begin the heading with '#'")
        case .unreadable: ("a file cannot be read", "see that it is there and may be read")
        default: restOfMeaning
        }
    }

    private var restOfMeaning: (text: String, remedy: String) {
        switch self {
        case .expressionSyntax: ("an expression cannot be read", "see the language of checks")
        case .undefinedVariable: ("a variable that nobody sets", "set it in vars or with (as $x)")
        case .unitMismatch: ("units that do not go together", "compare times with times")
        case .unknownMetric: ("an unknown figure", "see the list of figures")
        case .metricArguments: ("a figure with the wrong arguments", "see the list of figures")
        case .unknownUnit: ("an unknown unit", "use ns us ms s m h % B KB MB rps x")
        case .badPattern: ("a regular expression cannot be read", "correct it")
        case .noStatement: ("a check that is neither true nor false", "compare it with something")
        case .metricUnavailable: ("a figure whose part does not exist yet", "leave it out")
        case .unknownItem: ("a quiz, exercise or node that there is not", "use an id of the file")
        case .badMatcher: ("a matcher cannot be read", "see the list of matchers")
        case .expectationWithoutCommand: ("a reply without a command", "begin commands with '> '")
        case .continuationWithoutCommand: ("a continuation of nothing", "begin with '> '")
        case .commandQuotes: ("a quote in a command is not closed", "close it")
        case .shopRequest: ("a request that the shop does not know", "write GET /product/42")
        case .unknownWorkbenchCommand: ("an unknown command of wb>", "see 'help' at wb>")
        case .unknownCommand: ("a command that the backend has not", "use another, or only=")
        case .commandArguments: ("a command with the wrong arguments", "see 'help COMMAND'")
        case .yamlSyntax: ("YAML cannot be read", "correct it")
        case .unknownKey: ("an unknown key", "see the keys of this block")
        case .missingKey: ("a key is missing", "add it")
        case .wrongValue: ("a value of the wrong kind", "write what the text says")
        case .wrongWord: ("a value that there is not", "use one of those named")
        case .duplicateKey: ("a key stands twice", "remove one of them")
        case .unknownFrontKey: ("an unknown key of the front matter", "see the list of keys")
        case .engineSetting: ("a setting that the engine has not", "see CONFIG GET *")
        default: lastOfMeaning
        }
    }

    private var lastOfMeaning: (text: String, remedy: String) {
        switch self {
        case .quizWithoutAnswer: ("a quiz without a correct answer", "mark one with (x)")
        case .quizWithoutExplanation: ("a quiz without explanation", "add a line '=> …'")
        case .quizWithoutQuestion: ("a quiz without a question", "begin with the question")
        case .quizWithSeveral: ("several correct options in a choice of one", "write [x]")
        case .quizMixed: ("options of different forms", "use one form")
        case .quizStray: ("a line of a quiz that is nothing", "see the form of a quiz")
        case .quizNumber: ("a number that cannot be read", "write '= 90.5 ± 0.5'")
        case .exerciseWithoutSolution: ("an exercise without solution", "add 'solution'")
        case .exerciseWithoutCheck: ("an exercise without check", "add 'check'")
        case .exerciseWithoutHint: ("an exercise without hints", "add 'hints'")
        case .unknownLoad: ("a load block that there is not", "use an id of the file")
        case .gotoUnknown: ("goto names no step", "use the id of a step")
        case .gotoLoop: ("goto leads back without a condition", "put it between when and endwhen")
        case .includeMissing: ("an included file is not there", "correct the path")
        case .includeCircular: ("files include each other", "remove one include")
        case .includeOutside: ("an include leads out of the folder", "use a path within it")
        case .deadLink: ("a link leads nowhere", "correct it")
        case .requiresUnknown: ("a required scenario that there is not", "correct the id")
        case .requiresCircular: ("scenarios require each other", "remove one requirement")
        case .unknownFact: ("a fact that facts.yaml has not", "add it, or correct the id")
        case .oldFact: ("a fact was checked more than a year ago", "check it again")
        case .factWithoutSource: ("a fact without source", "add its source")
        case .factBoxWithoutLink: ("a fact box without link", "link its source or the notes")
        case .brokenFact: ("facts.yaml cannot be used", "see the keys of a fact")
        default: meaningInTranslations
        }
    }

    private var meaningInTranslations: (text: String, remedy: String) {
        switch self {
        case .translatedFile:
            ("a translation of a file that there is not", "write translates: ../NN-name.md")
        case .translationLanguage:
            ("a translation in the folder of another language", "write 'language: de' in de/")
        case .staleTranslation:
            ("the source has changed since", "look at it, then run larder scenario update")
        case .untranslatedStep:
            ("a step of the source without translation", "translate it, or let it be")
        case .translatedStepUnknown:
            ("a step that the source has not", "put <!-- id: step --> above the heading")
        case .translatedStepOrder: ("steps in another order", "keep the order of the source")
        case .translatedBlockUnknown:
            ("a block that this step of the source has not", "use its id, or its kind and number")
        case .translatedBlockTwice: ("a block that is taken twice", "remove one of them")
        case .translatedBlockMissing:
            ("a block of the source is missing", "add <!-- block: name -->")
        case .translatedOrder:
            ("blocks or cues in another order", "keep the order of the source")
        case .translatedCommand:
            ("a translation says what happens", "leave that to the source")
        case .translatedTexts:
            ("words that do not fit their block", "write as many as the source has")
        case .translatedCue: ("a cue is missing or too many", "repeat the cues of the source")
        default: ("", "")
        }
    }
}
