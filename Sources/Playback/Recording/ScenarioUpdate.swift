// New expectations for a scenario whose replies have changed. Only the lines that are expected in
// transcripts are replaced; every other byte of the file stays as it is.

/// Rewrites what transcripts expect.
public struct ScenarioUpdate {
    /// A reply that is not as expected.
    public struct Change: Sendable, Equatable {
        /// The line of the file on which the command stands.
        public var line: Int
        /// The command.
        public var command: String
        /// What is expected now.
        public var old: [String]
        /// What comes.
        public var new: [String]
        /// The lines of the file that are replaced, from 1; empty behind ``line`` where none is
        /// expected.
        var range: Range<Int>
    }

    /// What differs, in the order of the file.
    public let changes: [Change]
    private let text: String

    /// Plays the scenario at a path and looks what differs.
    public init(_ path: String) throws(HostFailure) {
        guard let bytes = ScenarioFolder.read(path) else {
            throw HostFailure(text: "\(path) cannot be read")
        }
        text = String(decoding: bytes, as: UTF8.self)
        let loaded = ScenarioFolder.load(path)
        guard !loaded.complaints.contains(where: { $0.code.severity == .error }) else {
            throw HostFailure(
                text: "\(path) cannot be played:\n" + loaded.complaints.map(\.report).joined())
        }
        guard loaded.scenario.front.translates == nil else {
            throw HostFailure(text: "\(path) is a translation; its replies are its source's")
        }
        changes = try Self.changes(loaded.scenario)
    }

    private static func changes(_ scenario: Scenario) throws(HostFailure) -> [Change] {
        var options = PerformanceOptions()
        options.keepsGoing = true
        let performance: Performance
        do {
            performance = try Performance(scenario, options: options)
        } catch {
            throw HostFailure(text: "\(scenario.name): \(error)")
        }
        var replies: [Place: (lines: [String], isExpected: Bool)] = [:]
        var repeated: Set<Place> = []
        performance.emit = { event in
            guard event.kind == .reply, event.file == scenario.name,
                let lines = event.fields.first(where: { $0.0 == "lines" })?.1.array,
                let isExpected = event.fields.first(where: { $0.0 == "expected" })?.1.bool
            else { return }
            if let old = replies[event.place], old.lines != lines.compactMap(\.string) {
                // In a loop no one reply is right for all turns.
                repeated.insert(event.place)
            }
            replies[event.place] = (lines.compactMap(\.string), isExpected)
        }
        performance.run()
        var changes: [Change] = []
        for element in scenario.elements where element.source == 0 {
            guard case .fence(let fence) = element.kind,
                case .transcript(let transcript) = fence.block
            else { continue }
            for command in transcript.commands {
                guard let reply = replies[command.place], !reply.isExpected,
                    !repeated.contains(command.place)
                else { continue }
                let first =
                    command.expected.first?.place.line
                    ?? command.place.line + command.text.count { $0 == "\n" } + 1
                let last = command.expected.last.map { $0.place.line + 1 } ?? first
                changes.append(
                    Change(
                        line: command.place.line, command: command.text,
                        old: command.expected.map(\.literal),
                        new: reply.lines.map(Volatile.escaped), range: first..<last))
            }
        }
        return changes.sorted { $0.line < $1.line }
    }

    /// The text of the file with the changes that are accepted.
    public func text(accepting: (Change) -> Bool) -> String {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let end = text.contains("\r\n") ? "\r" : ""
        // Changes are asked for from the top, and made from the bottom, where no line moves.
        let accepted = changes.filter(accepting)
        for change in accepted.reversed() {
            let range = (change.range.lowerBound - 1)..<(change.range.upperBound - 1)
            lines.replaceSubrange(range, with: change.new.map { $0 + end })
        }
        return lines.joined(separator: "\n")
    }
}
