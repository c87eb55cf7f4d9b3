import Bytes

// The values with rules of their own.

extension Setting {
    // MARK: Snapshots

    /// `save`: pairs of seconds and changes. In a file each line adds a pair to those before.
    /// The numbers are read and cut as C does it, which clients may see in what is reported.
    static let readSave: SettingKind.Reader = {
        (words, settings, source) throws(SettingError) in
        let invalid = SettingError("Invalid save parameters")
        let isEmpty = words.count == 1 && words[0].upToZero.isEmpty
        guard words.count % 2 == 0 || isEmpty else { throw invalid }
        var all: [ByteString] = []
        for index in words.indices where !isEmpty {
            guard let number = words[index].upToZero.numberOfC,
                number >= (index % 2 == 0 ? 1 : 0)
            else { throw invalid }
            let cut = index % 2 == 0 ? number : Int64(Int32(truncatingIfNeeded: number))
            all.append(ByteString(cut.decimalBytes))
        }
        if source == .file, settings.hasReadSave,
            case .text(let before)? = settings.kept["save"], !before.isEmpty
        {
            all.insert(before, at: 0)
        }
        return .text(joined(all))
    }

    static func joined(_ words: [ByteString]) -> ByteString {
        ByteString(Array(words.map(\.bytes).joined(separator: [0x20])))
    }

    // MARK: Connections

    static let readBind: SettingKind.Reader = {
        (words, _, _) throws(SettingError) in
        if words.count > 16 { throw SettingError("Too many bind addresses specified.") }
        if words == [ByteString()] { return .text(ByteString()) }
        if words.contains(where: \.isEmpty) {
            throw SettingError("Failed to bind to specified addresses.")
        }
        return .text(joined(words))
    }

    /// `client-output-buffer-limit`: groups of a kind of connection and its three bounds.
    static let readOutputLimits: SettingKind.Reader = {
        (words, settings, _) throws(SettingError) in
        guard words.count % 4 == 0 else {
            throw SettingError("Wrong number of arguments in buffer limit configuration.")
        }
        var limits = settings.outputLimits
        for group in stride(from: 0, to: words.count, by: 4) {
            try limits.read(Array(words[group..<group + 4]))
        }
        return .text(limits.text)
    }

    // MARK: Words in any order

    /// Flags of which several may be given; the first name stands for none.
    static func readOptions(_ names: [String]) -> SettingKind.Reader {
        { (words, _, _) throws(SettingError) in
            var chosen = Set<Int>()
            for word in words {
                guard let place = names.firstIndex(where: { $0.names(word) }) else {
                    throw SettingError.notOneOf(names)
                }
                chosen.insert(place)
            }
            if words.isEmpty { throw .notOneOf(names) }
            let kept = names.indices.filter { $0 > 0 && chosen.contains($0) }.map { names[$0] }
            if kept.contains("save"), kept.contains("nosave") {
                throw SettingError(
                    "shutdown options SAVE and NOSAVE can't be used simultaneously")
            }
            return .text(ByteString(kept.isEmpty ? names[0] : kept.joined(separator: " ")))
        }
    }

    /// `notify-keyspace-events`: a letter a class of events, printed in one order.
    static let readEvents: SettingKind.Reader = {
        (words, _, _) throws(SettingError) in
        guard words.count == 1 else { throw .wrongNumberOfArguments }
        let classes = Array("g$lshzxetd".utf8)
        let others = Array("nKEm".utf8)
        let given = words[0].upToZero.bytes
        guard given.allSatisfy({ $0 == 0x41 || classes.contains($0) || others.contains($0) })
        else {
            throw SettingError("Invalid event class character. Use 'Ag$lshzxeKEtmdn'.")
        }
        let all = given.contains(0x41) || classes.allSatisfy(given.contains)
        var text = all ? [0x41] : classes.filter(given.contains)
        text += others.filter(given.contains)
        return .text(ByteString(text))
    }

    // MARK: Numbers

    static let readPercentiles: SettingKind.Reader = {
        (words, _, _) throws(SettingError) in
        if words == [ByteString()] { return .text(ByteString()) }
        var values: [Double] = []
        for word in words {
            guard let value = Doubles.parse(word.rawSpan), !value.isNaN else {
                throw SettingError("Invalid latency-tracking-info-percentiles parameters")
            }
            guard value >= 0, value <= 100 else {
                throw SettingError(
                    """
                    latency-tracking-info-percentiles parameters should sit between [0.0,100.0]
                    """)
            }
            values.append(value)
        }
        return .text(joined(values.map(trimmedFixed)))
    }

    static func number(in word: ByteString) -> Double? { Doubles.parse(word.rawSpan) }

    /// A number with at most six decimals and no zeros at its end.
    static func trimmedFixed(_ value: Double) -> ByteString {
        var digits: [UInt8] = []
        Doubles.appendFixed(value, decimals: 6, to: &digits)
        if digits.contains(UInt8(ascii: ".")) {
            while digits.last == 0x30 { digits.removeLast() }
            if digits.last == UInt8(ascii: ".") { digits.removeLast() }
        }
        return ByteString(digits)
    }

    static let readScores: SettingKind.Reader = {
        (words, _, _) throws(SettingError) in
        guard words.count == 3 else { throw .wrongNumberOfArguments }
        for word in words {
            guard let score = word.wholeNumber, (-2000...2000).contains(score) else {
                throw SettingError(
                    "Invalid oom-score-adj-values, elements must be between -2000 and 2000.")
            }
        }
        return .text(joined(words))
    }

    // MARK: Text

    /// The name of a file, without a path.
    static func readFileName(_ setting: String, _ what: String) -> SettingKind.Reader {
        { (words, _, _) throws(SettingError) in
            guard words.count == 1 else { throw .wrongNumberOfArguments }
            guard !words[0].bytes.contains(UInt8(ascii: "/")) else {
                throw SettingError("\(setting) can't be a path, just a \(what)")
            }
            return .text(words[0])
        }
    }

    static let readHostName: SettingKind.Reader = {
        (words, _, _) throws(SettingError) in
        guard words.count == 1 else { throw .wrongNumberOfArguments }
        let name = words[0].upToZero
        guard name.count < 256 else {
            throw SettingError("Hostnames must be less than 256 characters")
        }
        let allowed = name.bytes.allSatisfy {
            $0.isASCIIDigit || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".")
                || ($0 | 0x20) &- 0x61 < 26
        }
        guard allowed else {
            throw SettingError(
                "Hostnames may only contain alphanumeric characters, hyphens or dots")
        }
        return .text(name)
    }

    /// `replicaof`: a host and a port, or nothing; `no one` is nothing.
    static let readReplicaOf: SettingKind.Reader = {
        (words, _, _) throws(SettingError) in
        if words.isEmpty || words == [ByteString()] { return .text(ByteString()) }
        guard words.count == 2 else { throw .wrongNumberOfArguments }
        if "no".names(words[0]), "one".names(words[1]) { return .text(ByteString()) }
        guard let port = words[1].wholeNumber, (0...65_535).contains(port) else {
            throw SettingError("Invalid master port")
        }
        return .text(joined(words))
    }

    /// A template in which only known words stand in braces.
    static let readTitle: SettingKind.Reader = {
        (words, _, _) throws(SettingError) in
        guard words.count == 1 else { throw .wrongNumberOfArguments }
        let known = [
            "title", "listen-addr", "server-mode", "port", "tls-port", "unixsocket",
            "config-file",
        ]
        // The title itself may be empty when the template is checked, so it does not count.
        let visible = ["listen-addr", "port", "tls-port"]
        let template = words[0].upToZero
        var rest = Substring(template.text)
        var isEmpty = true
        while let opening = rest.firstIndex(of: "{") {
            guard let closing = rest[opening...].firstIndex(of: "}"),
                known.contains(String(rest[rest.index(after: opening)..<closing]))
            else {
                throw SettingError("template format is invalid or contains unknown variables")
            }
            let name = String(rest[rest.index(after: opening)..<closing])
            if visible.contains(name) || rest[..<opening].contains(where: { $0 != " " }) {
                isEmpty = false
            }
            rest = rest[closing...].dropFirst()
        }
        if isEmpty, rest.allSatisfy({ $0 == " " }) {
            throw SettingError("template format is invalid or contains unknown variables")
        }
        return .text(template)
    }
}

extension OutputLimits {
    /// The bounds as CONFIG GET prints them.
    var text: ByteString {
        let parts = [("normal", normal), ("slave", replica), ("pubsub", pubsub)]
        return ByteString(
            parts.map { "\($0.0) \($0.1.hard) \($0.1.soft) \($0.1.seconds)" }
                .joined(separator: " "))
    }

    /// Reads a kind of connection and its three bounds.
    mutating func read(_ words: [ByteString]) throws(SettingError) {
        let limit = words.dropFirst()
        let path: WritableKeyPath<OutputLimits, Limit>
        if "normal".names(words[0]) {
            path = \.normal
        } else if "slave".names(words[0]) || "replica".names(words[0]) {
            path = \.replica
        } else if "pubsub".names(words[0]) {
            path = \.pubsub
        } else {
            throw SettingError("Invalid client class specified in buffer limit configuration.")
        }
        guard let hard = limit[1].memorySize, let soft = limit[2].memorySize,
            let seconds = limit[3].wholeNumber, seconds >= 0
        else {
            throw SettingError(
                "Error in hard, soft or soft_seconds setting in buffer limit configuration.")
        }
        self[keyPath: path] = Limit(
            hard: Int(clamping: hard), soft: Int(clamping: soft), seconds: Int(seconds))
    }

    /// The bounds that a text of `text`'s form says.
    init(parsing text: ByteString) {
        let words = Setting.words(of: text)
        for group in stride(from: 0, to: words.count - 3, by: 4) {
            try? read(Array(words[group..<group + 4]))
        }
    }
}
