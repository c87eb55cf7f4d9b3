/// Reads expressions and the lines of checks.
struct ExpressionParser {
    private var lexer: ExpressionLexer
    private var token: ExpressionLexer.Token?
    private var lastEnd = 0
    private let place: Place

    /// A parser for text that begins at `place`.
    init(_ text: String, at place: Place) {
        lexer = ExpressionLexer(text)
        self.place = place
        token = lexer.next()
    }

    /// A whole text as one expression.
    static func expression(_ text: String, at place: Place) throws(ExpressionFailure) -> Expression
    {
        var parser = ExpressionParser(text, at: place)
        let expression = try parser.or()
        try parser.expectEnd()
        return expression
    }

    /// A line of a check: an expression, and `within`, `for`, `because`.
    static func check(_ text: String, at place: Place) throws(ExpressionFailure) -> CheckLine {
        var parser = ExpressionParser(text, at: place)
        let expression = try parser.or()
        var line = CheckLine(
            expression: expression, within: nil, duration: nil, reason: nil, text: text,
            place: place)
        while let token = parser.token {
            guard case .word(let word) = token.kind,
                ["within", "for", "because"].contains(word)
            else { break }
            parser.advance()
            switch word {
            case "within": line.within = try parser.duration(behind: word)
            case "for": line.duration = try parser.duration(behind: word)
            default: line.reason = try parser.reason()
            }
        }
        try parser.expectEnd()
        return line
    }

    private mutating func advance() {
        lastEnd = token?.end ?? lastEnd
        token = lexer.next()
    }

    private func failure(
        _ text: String, _ code: LintCode = .expressionSyntax
    ) -> ExpressionFailure {
        let start = token?.start ?? lexer.count
        return ExpressionFailure(
            place: place.moved(start), length: max(1, (token?.end ?? start + 1) - start),
            text: text, code: code)
    }

    private func expectEnd() throws(ExpressionFailure) {
        guard let token else { return }
        if case .wrong(let why) = token.kind { throw wrong(why) }
        throw failure("the line should end here")
    }

    private func wrong(_ why: String) -> ExpressionFailure {
        failure(why, why.hasPrefix("unknown unit") ? .unknownUnit : .expressionSyntax)
    }

    private mutating func takes(_ sign: String) -> Bool {
        guard case .sign(sign) = token?.kind else { return false }
        advance()
        return true
    }

    private mutating func takes(word: String) -> Bool {
        guard case .word(word) = token?.kind else { return false }
        advance()
        return true
    }

    private mutating func duration(behind word: String) throws(ExpressionFailure) -> UInt64 {
        guard case .quantity(let quantity) = token?.kind, let time = quantity.nanoseconds else {
            if case .wrong(let why) = token?.kind { throw wrong(why) }
            throw failure("behind '\(word)' stands a time, such as 5s")
        }
        advance()
        return time
    }

    private mutating func reason() throws(ExpressionFailure) -> String {
        guard case .text(let text) = token?.kind else {
            throw failure("behind 'because' stands a text in double quotes")
        }
        advance()
        return text
    }

    // MARK: Operators, the loosest first

    private mutating func or() throws(ExpressionFailure) -> Expression {
        var left = try and()
        while takes(word: "or") {
            let right = try and()
            left = joined(left, right) { .or($0, $1) }
        }
        return left
    }

    private mutating func and() throws(ExpressionFailure) -> Expression {
        var left = try not()
        while takes(word: "and") {
            let right = try not()
            left = joined(left, right) { .and($0, $1) }
        }
        return left
    }

    private mutating func not() throws(ExpressionFailure) -> Expression {
        let start = token?.start ?? 0
        guard takes(word: "not") else { return try comparison() }
        let inner = try comparison()
        return expression(.not(inner), from: start)
    }

    private mutating func comparison() throws(ExpressionFailure) -> Expression {
        let left = try sum()
        let start = left.place.column - place.column
        if takes(word: "in") {
            let low = try sum()
            guard takes("..") else { throw failure("bounds are written low..high") }
            let high = try sum()
            return expression(.between(left, low, high), from: start)
        }
        if takes("~") {
            guard case .pattern(let pattern) = token?.kind else {
                throw failure("behind '~' stands a regular expression between slashes")
            }
            guard (try? Regex(pattern)) != nil else {
                throw failure("this is no regular expression", .badPattern)
            }
            advance()
            return expression(.matches(left, pattern: pattern), from: start)
        }
        guard case .sign(let sign) = token?.kind, let op = Expression.Operator(rawValue: sign),
            op.isComparison
        else { return left }
        advance()
        let right = try sum()
        return joined(left, right) { .binary(op, $0, $1) }
    }

    private mutating func sum() throws(ExpressionFailure) -> Expression {
        var left = try product()
        while case .sign(let sign) = token?.kind, sign == "+" || sign == "-" {
            advance()
            let right = try product()
            left = joined(left, right) { .binary(sign == "+" ? .plus : .minus, $0, $1) }
        }
        return left
    }

    private mutating func product() throws(ExpressionFailure) -> Expression {
        var left = try unary()
        while case .sign(let sign) = token?.kind, sign == "*" || sign == "/" {
            advance()
            let right = try unary()
            left = joined(left, right) { .binary(sign == "*" ? .times : .over, $0, $1) }
        }
        return left
    }

    private mutating func unary() throws(ExpressionFailure) -> Expression {
        guard let token else { throw failure("something is missing at the end of the line") }
        switch token.kind {
        case .sign("-"):
            advance()
            let inner = try unary()
            return expression(.negative(inner), from: token.start)
        case .quantity(let quantity):
            advance()
            return expression(.quantity(quantity), from: token.start)
        case .text(let text):
            advance()
            return expression(.text(text), from: token.start)
        case .variable(let name):
            advance()
            return expression(.variable(name), from: token.start)
        case .sign("("):
            advance()
            var inner = try or()
            guard takes(")") else { throw failure("a ')' is missing") }
            inner.place = place.moved(token.start)
            inner.length = lastEnd - token.start
            inner.text = lexer.text(token.start..<lastEnd)
            return inner
        case .word: return try figure()
        case .wrong(let why): throw wrong(why)
        default: throw failure("a figure, a number or a text is missing here")
        }
    }

    // MARK: Figures

    private mutating func figure() throws(ExpressionFailure) -> Expression {
        let start = token?.start ?? 0
        var names: [String] = []
        var call = FigureCall(name: "", arguments: [], window: .step)
        repeat {
            guard case .word(let name) = token?.kind else {
                throw failure("behind '.' stands a name")
            }
            names.append(name)
            advance()
            if takes("(") { try arguments(&call) }
        } while takes(".")
        call.name = names.joined(separator: ".")
        return expression(.figure(call), from: start)
    }

    private mutating func arguments(_ call: inout FigureCall) throws(ExpressionFailure) {
        if takes(")") { return }
        repeat {
            if case .word(let word) = token?.kind, ["step", "run", "last"].contains(word) {
                advance()
                switch word {
                case "step": call.window = .step
                case "run": call.window = .run
                default: call.window = .last(try duration(behind: "last"))
                }
            } else {
                call.arguments.append(try or())
            }
        } while takes(",")
        guard takes(")") else { throw failure("a ')' is missing") }
    }

    private func joined(
        _ left: Expression, _ right: Expression,
        _ kind: (Expression, Expression) -> Expression.Kind
    ) -> Expression {
        expression(kind(left, right), from: left.place.column - place.column)
    }

    private func expression(_ kind: Expression.Kind, from start: Int) -> Expression {
        Expression(
            kind: kind, place: place.moved(start), length: lastEnd - start,
            text: lexer.text(start..<max(lastEnd, start)))
    }
}
