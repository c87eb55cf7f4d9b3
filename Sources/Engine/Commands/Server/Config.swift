import Bytes
import Grammar
import Wire

// CONFIG: the settings, read and changed while the node runs.

/// The commands about the server.
enum Administration {
    static var commands: [Command<Store>] { [config, time, shutdown, lolwut, info, monitor] }

    static let config = Command<Store>(
        container: "CONFIG", .server, since: "2.0.0",
        summary: "Commands about the settings.",
        subcommands: [configGet, configHelp, configResetStat, configRewrite, configSet])

    static let configHelp = Command<Store>(
        "CONFIG HELP", .server, [.loading, .stale], since: "5.0.0",
        summary: "Shows what there is under CONFIG.", complexity: "O(1)",
        examples: ["CONFIG HELP"], run: Help.run)

    // MARK: Reading

    static let configGet = Command<Store>(
        "CONFIG GET", .server, [.admin, .noscript, .loading, .stale], since: "2.0.0",
        summary: "Gives the settings whose names match any of the patterns.",
        complexity: "O(N), N being the number of settings.",
        history: ["7.0.0": "Several patterns may be given."],
        arguments: [.block("parameter", [.string("parameter")]).repeated],
        examples: ["CONFIG GET maxmemory*", "CONFIG GET port timeout"], run: runConfigGet)

    static func runConfigGet(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        let flavour = store.settings.flavour
        var found: [(name: ByteString, setting: Setting)] = []
        var names = Set<ByteString>()
        for index in 2..<call.count {
            let pattern = ByteString(call[index])
            let isPattern = pattern.bytes.contains { Array("*?[".utf8).contains($0) }
            if !isPattern {
                guard let setting = AllSettings.find(pattern, flavour) else { continue }
                if names.insert(pattern).inserted { found.append((pattern, setting)) }
                continue
            }
            for setting in AllSettings.list
            where !setting.isHidden && setting.availability.contains(flavour.availability) {
                for name in [setting.name, setting.alias].compactMap({ $0.map(ByteString.init) })
                where Glob.matches(pattern.bytes, name.bytes, ignoringCase: true)
                    && names.insert(name).inserted
                {
                    found.append((name, setting))
                }
            }
        }
        reply.map(found.count)
        for (name, setting) in found {
            reply.bulk(name)
            reply.bulk(setting.text(in: store.settings))
        }
    }

    // MARK: Changing

    static let configSet = Command<Store>(
        "CONFIG SET", .server, [.admin, .noscript, .loading, .stale], since: "2.0.0",
        summary: "Changes settings, all of those given or none.",
        complexity: "O(N), N being the number of settings given.",
        history: ["7.0.0": "Several settings may be given."],
        arguments: [
            .block("parameter_value", [.string("parameter"), .string("value")]).repeated
        ],
        tips: ["request_policy:all_nodes", "response_policy:all_succeeded"],
        examples: ["CONFIG SET timeout 60", "CONFIG SET maxmemory 1gb hz 20"],
        run: runConfigSet)

    static func runConfigSet(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        guard call.count % 2 == 0 else { throw .syntax }
        let chosen = try chooseSettings(store, call)
        var changed = store.settings
        for (place, choice) in chosen.enumerated() {
            let value = ByteString(call[3 + place * 2])
            let words = choice.setting.takesSeveralWords ? Setting.words(of: value) : [value]
            do throws(SettingError) {
                try choice.setting.set(words, in: &changed, from: .command)
            } catch {
                throw .configSet(choice.name, error.reason)
            }
        }
        store.settings = changed
        store.applySettings()
        store.effects.append(.settingsChanged)
        reply.ok()
    }

    /// Looks the settings up that are to be changed. All names are looked at first, so that a
    /// name that does not exist is told even behind a value that is no good.
    private static func chooseSettings(
        _ store: borrowing Store, _ call: borrowing Call
    ) throws(CommandError) -> [(name: ByteString, setting: Setting)] {
        var chosen: [(name: ByteString, setting: Setting)] = []
        for index in stride(from: 2, to: call.count, by: 2) {
            let typed = ByteString(call[index])
            guard let setting = AllSettings.find(typed, store.settings.flavour) else {
                throw .unknownSetting(call[index])
            }
            switch setting.change {
            case .atStart: throw .configSet(typed, "can't set immutable config")
            case .whenUnprotected where !mayChangeProtected(store, call.session):
                throw .configSet(typed, "can't set protected config")
            default: break
            }
            let name = ByteString(typed.bytes.map(\.asciiLowercased))
            if chosen.contains(where: { $0.name == name }) {
                throw .configSet(typed, "duplicate parameter")
            }
            chosen.append((name, setting))
        }
        return chosen
    }

    private static func mayChangeProtected(_ store: borrowing Store, _ session: Int) -> Bool {
        guard let origin = store.sessions[session]?.origin else { return false }
        return store.settings.protectedPermission.allows(origin)
    }

    // MARK: The rest

    static let configResetStat = Command<Store>(
        "CONFIG RESETSTAT", .server, [.admin, .noscript, .loading, .stale], since: "2.0.0",
        summary: "Starts the counters that INFO shows again.", complexity: "O(1)",
        examples: ["CONFIG RESETSTAT"], run: runConfigResetStat)

    static func runConfigResetStat(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        store.resetStatistics()
        reply.ok()
    }

    static let configRewrite = Command<Store>(
        "CONFIG REWRITE", .server, [.admin, .noscript, .loading, .stale], since: "2.8.0",
        summary: "Writes the settings back to the configuration file.", complexity: "O(1)",
        examples: ["CONFIG REWRITE"], run: runConfigRewrite)

    static func runConfigRewrite(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        throw .noConfigFile
    }
}
