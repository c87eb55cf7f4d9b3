// Brings the hashes of a translation up to date, once somebody has looked at what has changed.
// Every other byte of the file stays as it is.

/// The hashes of a translation and of what it translates.
public struct TranslationUpdate {
    /// A step whose source is another than the one that was translated.
    public struct Change: Sendable, Equatable {
        /// The step, or `(top)` for what stands before the first.
        public var step: String
        /// The hash that the file has; nil when it has none.
        public var old: String?
        /// The hash that the source has; nil when it has no such step any more.
        public var new: String?
    }

    /// What differs, in the order of the source.
    public let changes: [Change]
    private let text: String
    private let hashes: [(name: String, hash: String)]

    /// The file at a path, if it is a translation; nil when it is none.
    public init?(_ path: String) throws(HostFailure) {
        guard let bytes = ScenarioFolder.read(path) else {
            throw HostFailure(text: "\(path) cannot be read")
        }
        let loader = ScenarioLoader(ScenarioFolder.read)
        let overlay = loader.alone(path).scenario
        guard overlay.front.translates != nil else { return nil }
        guard let source = loader.path(translatedBy: overlay) else {
            throw HostFailure(text: "\(path) does not say what it translates")
        }
        text = String(decoding: bytes, as: UTF8.self)
        let known = overlay.front.sourceHashes
        let translated = overlay.translatedNames
        let current = loader.alone(source).scenario.segmentHashes
            .filter { translated.contains($0.name) }
        var changes: [Change] = []
        for (name, hash) in current {
            let old = known.first { $0.name.value == name }?.value.value
            if old != hash { changes.append(Change(step: name, old: old, new: hash)) }
        }
        for entry in known where !current.contains(where: { $0.name == entry.name.value }) {
            changes.append(
                Change(step: entry.name.value, old: entry.value.value, new: nil))
        }
        self.changes = changes
        hashes = current
    }

    /// The text of the file with the changes that are accepted.
    public func text(accepting: (Change) -> Bool) -> String {
        let accepted = changes.filter(accepting)
        if accepted.isEmpty { return text }
        var entries = hashes.compactMap { name, hash -> (name: String, hash: String)? in
            guard let change = changes.first(where: { $0.step == name }),
                !accepted.contains(change)
            else { return (name, hash) }
            return change.old.map { (name, $0) }
        }
        for change in changes where change.new == nil && !accepted.contains(change) {
            if let old = change.old { entries.append((change.step, old)) }
        }
        return replacing(Self.lines(entries))
    }

    /// The lines of the front matter that keep hashes.
    static func lines(_ hashes: [(name: String, hash: String)]) -> [String] {
        ["source_hash:"] + hashes.map { "  \($0.name): \"\($0.hash)\"" }
    }

    private func replacing(_ new: [String]) -> String {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let end = lines.first?.hasSuffix("\r") == true ? "\r" : ""
        guard let close = lines.dropFirst().firstIndex(where: { $0 == "---" + end }) else {
            return text
        }
        let start = lines[..<close].firstIndex { $0.hasPrefix("source_hash:") } ?? close
        var stop = start
        if start < close {
            stop += 1
            while stop < close, lines[stop].hasPrefix(" ") { stop += 1 }
        }
        lines.replaceSubrange(start..<stop, with: new.map { $0 + end })
        return lines.joined(separator: "\n")
    }
}
