// What happens in a run, as a stream of events. Everything that is ever shown of a run is made
// from this stream, so it says all that a reader needs: when in virtual time, where in the file,
// and of every number where it comes from. A line is one event in JSON. The same scenario with the
// same seed gives the same bytes; times of the wall stand in a field of their own, which is left
// out where runs are compared.

/// A value of JSON.
public enum JSONValue: Sendable, Equatable {
    case text(String)
    case number(Double)
    case truth(Bool)
    case null
    case list([JSONValue])
    case map([(String, JSONValue)])

    /// Equal values in the same order.
    public static func == (left: JSONValue, right: JSONValue) -> Bool { left.json == right.json }

    /// The value as JSON.
    public var json: String {
        switch self {
        case .text(let text): return Self.quoted(text)
        case .number(let number):
            guard number.isFinite else { return "null" }
            return number == number.rounded() && abs(number) < 1e15
                ? String(Int64(number)) : "\(number)"
        case .truth(let truth): return truth ? "true" : "false"
        case .null: return "null"
        case .list(let values): return "[" + values.map(\.json).joined(separator: ",") + "]"
        case .map(let pairs):
            return "{"
                + pairs.map { Self.quoted($0.0) + ":" + $0.1.json }.joined(separator: ",") + "}"
        }
    }

    private static func quoted(_ text: String) -> String {
        var output = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": output += "\\\""
            case "\\": output += "\\\\"
            case "\n": output += "\\n"
            case "\r": output += "\\r"
            case "\t": output += "\\t"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                output += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: output.unicodeScalars.append(scalar)
            }
        }
        return output + "\""
    }
}

/// Something that happened in a run.
public struct Event: Sendable {
    /// What happened.
    public enum Kind: String, CaseIterable, Sendable {
        case scenarioBegin = "scenario.begin"
        case step
        case say
        case cue
        case type
        case reply
        case push
        case sample
        case load
        case fault
        case chart
        case set
        case skip
        case checkPass = "check.pass"
        case checkFail = "check.fail"
        case expectationFail = "expectation.fail"
        case exerciseBegin = "exercise.begin"
        case exerciseUnsolved = "exercise.unsolved"
        case exercisePass = "exercise.pass"
        case exerciseFail = "exercise.fail"
        case exerciseSkip = "exercise.skip"
        case exerciseHint = "exercise.hint"
        case quizAsk = "quiz.ask"
        case quizAnswer = "quiz.answer"
        case quizFail = "quiz.fail"
        case snapshot
        case scenarioEnd = "scenario.end"
    }

    /// What happened.
    public var kind: Kind
    /// Nanoseconds of virtual time since the scenario began.
    public var time: UInt64
    /// Nanoseconds of the wall since the scenario began; nil where nobody measures them.
    public var wall: UInt64?
    /// The file and the place in it.
    public var file: String
    /// The place in the file.
    public var place: Place
    /// What else there is to say.
    public var fields: [(String, JSONValue)]

    /// The event as a line of JSON, without its end.
    public func line(withWall: Bool = false) -> String {
        var pairs: [(String, JSONValue)] = [
            ("kind", .text(kind.rawValue)), ("t", .number(Double(time) / 1e9)),
            ("at", .text("\(file):\(place.line):\(place.column)")),
        ]
        if withWall, let wall { pairs.append(("wall", .number(Double(wall) / 1e9))) }
        return JSONValue.map(pairs + fields).json
    }
}

extension Value {
    /// The value as JSON, in base units.
    var jsonValue: JSONValue {
        switch self {
        case .number(let number, _, _): .number(number)
        case .text(let text): .text(text)
        case .truth(let truth): .truth(truth)
        case .missing: .null
        }
    }
}

extension Term {
    /// The term as JSON: its text, its value, how it is shown, and where it comes from.
    var jsonValue: JSONValue {
        .map([
            ("term", .text(text)), ("value", reading.value.jsonValue),
            ("shown", .text(reading.value.text)), ("origin", .text(reading.origin.rawValue)),
        ])
    }
}
