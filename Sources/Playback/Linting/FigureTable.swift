/// The figures that checks can ask for: those of the world, and the player's own.
enum FigureTable {
    /// Everything by name.
    static let all: [String: FigureSignature] = {
        var table: [String: FigureSignature] = [:]
        for figure in worldFigures + own { table[figure.name] = figure }
        return table
    }()

    /// In the order of their declaration.
    static let list: [FigureSignature] = worldFigures + own

    /// What only the player knows.
    static let own: [FigureSignature] = [
        FigureSignature(
            name: "reply", arguments: [], kind: .unknown,
            help: "the last reply: a number, or its text"),
        FigureSignature(
            name: "quiz.correct", arguments: ["id"], kind: .truth,
            help: "whether the quiz was answered correctly"),
        FigureSignature(
            name: "exercise.passed", arguments: ["id"], kind: .truth,
            help: "whether the exercise was done"),
        FigureSignature(
            name: "exercise.skipped", arguments: ["id"], kind: .truth,
            help: "whether the player did the exercise"),
        FigureSignature(
            name: "exercise.tries", arguments: ["id"], kind: .number(.none, nil),
            help: "how often the learner tried"),
    ]
}
