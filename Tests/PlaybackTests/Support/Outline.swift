@testable import Playback

// A scenario as rows of text: what was read, and where it stands. Golden files hold these rows.

extension Scenario {
    var outline: String {
        var rows = ["title \(front.title) | id \(front.id) | order \(front.order)"]
        rows += front.variables.map {
            "var \($0.name.value)=\($0.value.value) @\($0.value.place.text)"
        }
        for element in elements { rows += element.rows }
        return rows.joined(separator: "\n") + "\n"
    }
}

extension Place {
    var text: String { "\(line):\(column)" }
}

extension Element {
    var rows: [String] {
        let at = source == 0 ? place.text : "\(source)/\(place.text)"
        switch kind {
        case .heading(let heading):
            return ["\(at) heading \(heading.level) '\(heading.text)' #\(heading.id)"]
        case .prose(let prose):
            return ["\(at) \(prose.kind.rawValue)"] + prose.lines.map { "    |\($0)" }
        case .cue(let cue):
            let text = cue.text.isEmpty ? "" : ": \(cue.text) @\(cue.textPlace.text)"
            return ["\(at) cue \(cue.name.rawValue)\(text)"]
        case .fold(let text): return ["\(at) fold \(text)"]
        case .fence(let fence): return ["\(at) \(fence.row)"] + fence.block.rows.map { "    " + $0 }
        }
    }
}

extension Fence {
    var row: String {
        var row = "fence \(language)"
        if let word { row += " \(word)" }
        if let id { row += " #\(id.value) @\(id.place.text)" }
        for attribute in attributes {
            row += " \(attribute.name)" + (attribute.value.map { "=\($0)" } ?? "")
            row += " @\(attribute.place.text)"
        }
        return row
    }
}

extension Block {
    var rows: [String] {
        switch self {
        case .transcript(let transcript): return transcript.items.flatMap(\.rows)
        case .check(let lines): return lines.map(\.row)
        case .quiz(let quiz): return quiz.rows
        case .load(let load):
            return ["load \(load.client.value) for \(load.duration?.value ?? "-")"]
                + load.settings.map { "\($0.name.value)=\($0.value.value) @\($0.value.place.text)" }
        case .fault(let fault):
            return ["fault '\(fault.line.value)' @\(fault.line.place.text)"]
        case .chart(let chart):
            return ["chart '\(chart.title)'"] + chart.series.map { "\($0.text) @\($0.place.text)" }
        case .exercise(let exercise):
            return ["goal \(exercise.goal)", "run \(exercise.run?.value ?? "-")"]
                + exercise.checks.map(\.row) + exercise.hints.map { "hint \($0)" }
                + exercise.solution.items.flatMap(\.rows)
        case .set(let pairs): return pairs.map { "\($0.name.value)=\($0.value.value)" }
        case .include(let file): return ["include \(file?.value ?? "-")"]
        case .listing: return ["listing"]
        }
    }
}

extension CheckLine {
    var row: String {
        var row = "check '\(expression.text)' @\(expression.place.text)"
        if let within { row += " within \(within)" }
        if let duration { row += " for \(duration)" }
        if let reason { row += " because \(reason)" }
        return row
    }
}

extension Quiz {
    var rows: [String] {
        var rows = question.map { "ask \($0)" }
        switch answer {
        case .single(let options), .multiple(let options):
            rows += options.map {
                "option \($0.isCorrect ? "x" : "-") '\($0.text)' "
                    + "feedback '\($0.feedback ?? "")' @\($0.place.text)"
            }
        case .number(let number, let tolerance):
            rows.append("number \(number.base) ± \(tolerance?.base ?? 0)")
        case .pattern(let pattern): rows.append("pattern \(pattern)")
        }
        rows.append("because \(explanation)")
        if let verify { rows.append("verify '\(verify.text)' @\(verify.place.text)") }
        return rows
    }
}

extension Transcript.Item {
    var rows: [String] {
        switch self {
        case .command(let command):
            let text = command.text.replacing("\n", with: "\\n")
            return ["\(command.session)> '\(text)' @\(command.place.text)"]
                + command.expected.map(\.row)
        case .push(let session, let expected, let place):
            return ["push \(session) @\(place.text)"] + expected.map(\.row)
        case .remark(let text, let place): return ["remark \(text) @\(place.text)"]
        }
    }
}

extension Expectation {
    var row: String { "    = '\(text)' \(matcher) @\(place.text)" }
}
