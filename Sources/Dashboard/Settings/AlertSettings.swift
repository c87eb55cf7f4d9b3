// The limits of alerts as lines of the settings file: `alert memory 90 95`.

/// Limits in words.
enum AlertSettings {
    /// Each limit with its numbers, as the file has them.
    static func lines(_ limits: AlertLimits) -> [(name: String, value: String)] {
        func text(_ numbers: Double...) -> String {
            numbers.map { number in
                number == number.rounded()
                    ? Amount.decimals(number, 0) : Amount.decimals(number, 2)
            }.joined(separator: " ")
        }
        return [
            ("memory", text(limits.memory.warning, limits.memory.critical)),
            ("hit-rate", text(limits.hitRate, limits.lookups)),
            ("evictions", text(limits.evictions.warning, limits.evictions.critical)),
            (
                "fragmentation",
                text(limits.fragmentation.lowerBound, limits.fragmentation.upperBound)
            ),
            ("lag", text(limits.lag)), ("slow-log", text(limits.slow)),
        ]
    }

    /// Does what the words behind `alert` say; what is wrong with them.
    static func perform(_ words: ArraySlice<String>, on limits: inout AlertLimits) -> String? {
        let name = words.first ?? ""
        let numbers = words.dropFirst().compactMap { Double($0) }
        let names = lines(limits).map(\.name)
        guard names.contains(name) else {
            return "alert is one of \(names.joined(separator: ", ")), not \(name)"
        }
        let count = ["lag", "slow-log"].contains(name) ? 1 : 2
        guard numbers.count == count, words.count == count + 1,
            numbers.allSatisfy({ $0.isFinite && $0 >= 0 })
        else { return "alert \(name) has \(count == 1 ? "one number" : "two numbers")" }
        guard name == "hit-rate" || numbers == numbers.sorted() else {
            return "alert \(name) has the lower number first"
        }
        switch name {
        case "memory": limits.memory = .init(warning: numbers[0], critical: numbers[1])
        case "hit-rate": (limits.hitRate, limits.lookups) = (numbers[0], numbers[1])
        case "evictions": limits.evictions = .init(warning: numbers[0], critical: numbers[1])
        case "fragmentation": limits.fragmentation = numbers[0]...numbers[1]
        case "lag": limits.lag = numbers[0]
        default: limits.slow = numbers[0]
        }
        return nil
    }
}
