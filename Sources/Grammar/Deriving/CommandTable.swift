import Bytes

/// All commands of one kind of state, found by name.
///
/// Names are hashed by their first eight bytes, folded to capitals, and their length, into an
/// open-addressed array of entry numbers: one multiplication and mostly one comparison a lookup.
public struct CommandTable<State: ~Copyable>: Sendable {
    /// A command in the table. Subcommands have entries too.
    public struct Entry: Sendable {
        /// What runs it; nil for a container without a handler of its own.
        public let run: Command<State>.Handler?
        /// The number of words with the name, negative when a minimum.
        public let arity: Int
        /// What it is; that its keys are movable is derived.
        public let flags: CommandFlags
        /// True when the second word chooses a subcommand.
        public let isContainer: Bool
        /// The command as data, as the table's flavour has it.
        public let spec: CommandSpec
        /// Where its keys are.
        public let keySpecs: [KeySpec]
        /// The entries of its subcommands by name in capitals.
        let subcommands: [ByteString: Int]
        let name: [UInt8]

        /// True when a request of `count` words can be this command.
        @inline(__always)
        public func accepts(_ count: Int) -> Bool {
            arity >= 0 ? count == arity : count >= -arity
        }
    }

    /// All entries; an entry's number is its place here. Commands come in the order in which
    /// they were declared, each followed by its subcommands.
    public private(set) var entries: [Entry] = []
    /// The numbers of the commands that are no subcommands.
    public private(set) var topLevel: [Int] = []
    private var slots: [Int32] = []
    private var mask = 0

    /// A table of the commands that `flavour` has.
    public init(_ commands: [Command<State>], flavour: Flavour) {
        for command in commands where command.spec.exists(in: flavour) {
            add(command, flavour)
        }
        var size = 64
        while size < topLevel.count * 4 { size *= 2 }
        mask = size - 1
        slots = Array(repeating: -1, count: size)
        for number in topLevel {
            let name = entries[number].name
            var slot = hash(name.rawSpan) & mask
            while slots[slot] >= 0 { slot = (slot + 1) & mask }
            slots[slot] = Int32(number)
        }
    }

    private mutating func add(_ command: Command<State>, _ flavour: Flavour) {
        let number = entries.count
        topLevel.append(number)
        var names: [ByteString: Int] = [:]
        let subcommands = command.subcommands.filter { $0.spec.exists(in: flavour) }
        for (offset, subcommand) in subcommands.enumerated() {
            names[ByteString(subcommand.spec.name)] = number + 1 + offset
        }
        let spec = command.spec.adapted(to: flavour)
        entries.append(entry(command, spec, subcommands: names))
        for (subcommand, spec) in zip(subcommands, spec.subcommands) {
            entries.append(entry(subcommand, spec, subcommands: [:]))
        }
    }

    private func entry(
        _ command: Command<State>, _ spec: CommandSpec, subcommands: [ByteString: Int]
    ) -> Entry {
        let keySpecs = spec.keySpecs
        var flags = spec.flags
        if KeySpec.areMovable(keySpecs) { flags.insert(.movableKeys) }
        return Entry(
            run: command.run, arity: spec.arity, flags: flags,
            isContainer: !command.subcommands.isEmpty, spec: spec, keySpecs: keySpecs,
            subcommands: subcommands, name: Array(spec.name.utf8))
    }

    @inline(__always)
    private func hash(_ name: RawSpan) -> Int {
        var word: UInt64 = 0
        let length = name.byteCount
        if length >= 8 {
            word = name.word(at: 0)
        } else {
            for offset in 0..<length {
                word |= UInt64(name[offset]) << UInt64(offset * 8)
            }
        }
        // Clearing bit 5 makes letters capital and keeps the rest apart well enough.
        word &= 0xDFDF_DFDF_DFDF_DFDF
        word = (word &+ UInt64(length)) &* 0x9E37_79B9_7F4A_7C15
        return Int(truncatingIfNeeded: word >> 40)
    }

    /// The number of the entry with this name, in any case of letters, or nil.
    @inline(__always)
    public func find(_ name: RawSpan) -> Int? {
        var slot = hash(name) & mask
        while true {
            let number = slots[slot]
            if number < 0 { return nil }
            if equal(name, entries[Int(number)].name) { return Int(number) }
            slot = (slot + 1) & mask
        }
    }

    @inline(__always)
    private func equal(_ typed: RawSpan, _ name: [UInt8]) -> Bool {
        let length = typed.byteCount
        if length != name.count { return false }
        for offset in 0..<length where typed[offset].asciiUppercased != name[offset] {
            return false
        }
        return true
    }

    /// The number of a container's subcommand with this name, or nil.
    public func findSubcommand(of container: Int, _ name: RawSpan) -> Int? {
        let capitals = name.copied().map(\.asciiUppercased)
        return entries[container].subcommands[ByteString(capitals)]
    }

    /// The numbers of a container's subcommands, in the order of their declaration.
    public func subcommands(of container: Int) -> Range<Int> {
        container + 1..<container + 1 + entries[container].subcommands.count
    }

    /// The entry for a name as COMMAND writes it: `get`, or `config|get`.
    public func find(reported name: RawSpan) -> Int? {
        guard let bar = name.firstIndex(of: UInt8(ascii: "|")) else { return find(name) }
        guard let container = find(name.extracting(0..<bar)) else { return nil }
        return findSubcommand(of: container, name.extracting((bar + 1)...))
    }
}
