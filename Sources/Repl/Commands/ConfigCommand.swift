import Bytes
import Client
import Engine
import Grammar
import Wire

// `:config`: the settings of the server with what they mean. Values come from the server, meanings
// and defaults from the declarations of the engine; a setting that only the server knows is shown
// without them.

enum ConfigCommand {
    static var commands: [Command<Console>] { [config] }

    static let config = Command<Console>(
        ":CONFIG", .connection, [], since: "1.0.0",
        summary: """
            Shows the server's settings that match a pattern: values, defaults and meanings. \
            Without a pattern, those that differ from their defaults.
            """, complexity: "", arguments: [.pattern("pattern").optional],
        examples: [":config maxmemory*", ":config"], run: run)

    private static func run(
        _ console: inout Console, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        let pattern = call.count > 1 ? call[1].copied() : Array("*".utf8)
        let answer = try console.ask(["CONFIG", "GET"].map { Array($0.utf8) } + [pattern])
        if let error = answer.errorText { throw CommandError(error) }
        let values = answer.flattened.map { String(decoding: $0, as: UTF8.self) }
        let pairs = stride(from: 0, to: values.count - 1, by: 2)
            .map { (name: values[$0], value: values[$0 + 1]) }.sorted { $0.name < $1.name }
        var text = ""
        for (name, value) in pairs {
            let setting = AllSettings.find(ByteString(name), .valkey80)
            let differs = setting.map { isOther(value, than: $0) } ?? false
            if call.count == 1, !differs { continue }
            text += row(name, value, setting, differs)
        }
        if text.isEmpty {
            text = call.count > 1 ? "no setting matches\n" : "every setting has its default\n"
        }
        reply.buffer.append(utf8: text)
    }

    private static func row(
        _ name: String, _ value: String, _ setting: Setting?, _ differs: Bool
    ) -> String {
        let isSecret = setting?.isSecret == true || Secrets.isSecretSetting(name)
        let shown = value.isEmpty ? "\"\"" : isSecret ? "••••" : value
        var text = "\(name) \(shown)"
        if let setting, differs {
            let initial = setting.valkeyInitial ?? setting.initial
            text += "  (default: \(initial.isEmpty ? "\"\"" : initial))"
        }
        return text + "\n" + (setting.map { "    \($0.doc)\n" } ?? "")
    }

    /// True when a value is not the default, both read as the same number where they are one.
    private static func isOther(_ value: String, than setting: Setting) -> Bool {
        let defaults = [setting.initial, setting.valkeyInitial].compactMap { $0 }
        return !defaults.contains { initial in
            initial == value || bytes(initial).map { $0 == bytes(value) } == true
        }
    }

    /// The number in `64mb` and its like.
    private static func bytes(_ text: String) -> Int? {
        let digits = text.prefix { $0.isNumber }
        let units = [
            "": 1, "b": 1, "k": 1000, "kb": 1 << 10, "m": 1_000_000, "mb": 1 << 20,
            "g": 1_000_000_000, "gb": 1 << 30,
        ]
        guard let number = Int(digits), let unit = units[text.dropFirst(digits.count).lowercased()]
        else { return nil }
        return number.multipliedReportingOverflow(by: unit).partialValue
    }
}
