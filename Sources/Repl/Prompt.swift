import Bytes
import Client
import Grammar
import Terminal
import Wire

/// What stands before the line. A template says what is in it: `%t` is the target, `%d` the
/// database unless it is 0, `%p` whether it is production, `%x` what a transaction has queued, `%s`
/// how many subscriptions there are, `%v` the protocol, `%e` whether the last line failed, and
/// `%%` a percent sign.
struct Prompt {
    /// The template that sessions begin with.
    static let usual = "%t%p%d%x%s> "

    /// What is shown.
    struct Facts {
        var target = "larder"
        var isEmbedded = true
        var isReachable = true
        var isProduction = false
        var database = 0
        var queued: Int?
        var subscriptions = 0
        var version = ProtocolVersion.two
        var hasFailed = false
    }

    /// The prompt; a production target is red.
    static func text(_ template: String, _ facts: Facts) -> Text {
        var text = Text()
        var isCode = false
        for character in template {
            if isCode {
                isCode = false
                text.append(part(character, facts), style(character, facts))
            } else if character == "%" {
                isCode = true
            } else {
                text.append(String(character))
            }
        }
        if isCode { text.append("%") }
        return text
    }

    private static func style(_ code: Character, _ facts: Facts) -> Style {
        switch code {
        case "t" where facts.isProduction, "p": Style(.red, bold: true)
        case "e": Style(.red)
        case "x", "s": Style(.magenta)
        default: .plain
        }
    }

    private static func part(_ code: Character, _ facts: Facts) -> String {
        switch code {
        case "t": facts.isReachable || facts.isEmbedded ? facts.target : "not connected"
        case "p": facts.isProduction ? "(production)" : ""
        case "d":
            facts.database != 0 && (facts.isReachable || facts.isEmbedded)
                ? "[\(facts.database)]" : ""
        case "x": facts.queued.map { "(TX \($0))" } ?? ""
        case "s": facts.subscriptions > 0 ? "(sub \(facts.subscriptions))" : ""
        case "v": facts.version == .three ? "resp3" : "resp2"
        case "e": facts.hasFailed ? "!" : ""
        case "%": "%"
        default: "%\(code)"
        }
    }
}

extension Console {
    /// The prompt now.
    var prompt: Text {
        var facts = Prompt.Facts()
        if case .remote(let server) = endpoint.target {
            facts.target = server.name
            facts.isEmbedded = false
        }
        facts.isReachable = endpoint.isReachable
        facts.isProduction = isProduction
        facts.database = endpoint.state.database
        facts.queued = endpoint.state.queued
        facts.subscriptions = endpoint.state.subscriptions.count
        facts.version = endpoint.state.version
        facts.hasFailed = status != .success
        return Prompt.text(promptTemplate, facts)
    }

    /// Shows the messages that have arrived, the first `limit` of them one by one.
    func showMessages(limit: Int) {
        messages = (0, limit)
        endpoint.takePushes()
        if messages.shown > limit { remark("+\(messages.shown - limit) more messages") }
        messages = (0, Int.max)
    }

    /// Shows a message that came outside the order of replies.
    func show(message: RESPValue) {
        messages.shown += 1
        if messages.shown <= messages.limit { output.write(printer.text(push: message)) }
    }
}
