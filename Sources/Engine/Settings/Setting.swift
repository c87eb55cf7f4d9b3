public import Bytes
public import Grammar

// A setting, declared once: CONFIG GET and SET, configuration files, the options of the command
// line, completion and the pages about settings all follow from the declaration.

/// A setting's value in the form in which it is kept.
public enum SettingValue: Equatable, Sendable {
    /// Yes or no.
    case flag(Bool)
    /// A number; of a setting that allows a percentage, a negative one is that.
    case number(Int64)
    /// One of several words, by its place.
    case choice(Int)
    /// Text as it is printed.
    case text(ByteString)
}

/// Why a value cannot be taken, in the words that are sent.
public struct SettingError: Error, Equatable, Sendable {
    /// The reason.
    public let reason: String
    /// A refusal with this reason.
    public init(_ reason: String) { self.reason = reason }
}

/// Where a value comes from: a file may say some things in several lines.
public enum SettingSource: Sendable {
    /// CONFIG SET.
    case command
    /// A configuration file or the command line.
    case file
}

/// What may be given as a value.
public enum SettingKind: Sendable {
    /// Reads the words of a value that has rules of its own.
    public typealias Reader =
        @Sendable ([ByteString], Settings, SettingSource) throws(SettingError) -> SettingValue

    /// `yes` or `no`.
    case flag
    /// A number within bounds.
    case integer(ClosedRange<Int64>)
    /// A number of bytes, which may have a unit.
    case memory(ClosedRange<Int64>)
    /// A number of bytes up to 64 bits without a sign, which may have a unit.
    case unsignedMemory
    /// A number of bytes or a percentage.
    case memoryOrPercent
    /// A number in base 8 within bounds.
    case octal(ClosedRange<Int64>)
    /// One of several words.
    case choice([String])
    /// Any bytes.
    case text
    /// A value with rules of its own; with several words where the setting allows them.
    case special(Reader)
}

/// One setting.
public struct Setting: Sendable {
    /// Where its value is kept.
    enum Storage: Sendable {
        /// Among those that nothing acts on.
        case kept
        case flag(any WritableKeyPath<Settings, Bool> & Sendable)
        case number(any WritableKeyPath<Settings, Int> & Sendable)
        case text(any WritableKeyPath<Settings, ByteString> & Sendable)
        case custom(
            read: @Sendable (Settings) -> SettingValue,
            write: @Sendable (inout Settings, SettingValue) -> Void)
    }

    /// When it may be changed.
    public enum Change: Sendable {
        /// At any time.
        case anytime
        /// Only at the start.
        case atStart
        /// At any time where `enable-protected-configs` allows it.
        case whenUnprotected
    }

    /// Its name.
    public let name: String
    /// What may be given as a value.
    public let kind: SettingKind
    /// Its default, as one would write it.
    public private(set) var initial: String
    /// Its meaning in a sentence.
    private let meaning: String
    /// The name that it had in other times.
    public private(set) var alias: String?
    /// When it may be changed.
    public private(set) var change = Change.anytime
    /// True when a pattern of CONFIG GET does not find it.
    public private(set) var isHidden = false
    /// True when its value must not appear in logs.
    public private(set) var isSecret = false
    /// True when its value may have zero bytes; others end before the first.
    public private(set) var isBinary = false
    /// True when its value may have several words.
    public private(set) var takesSeveralWords = false
    /// The flavours that have it.
    public private(set) var availability = Availability.everywhere
    /// Its default where the flavour is Valkey, when it differs.
    public private(set) var valkeyInitial: String?
    private(set) var storage = Storage.kept
    /// Says why a value of the right form cannot be taken now.
    private(set) var check: (@Sendable (SettingValue) -> String?)?
    /// What a number is moved to when it is out of sensible bounds.
    private(set) var clamp: (@Sendable (Int64) -> Int64)?

    init(_ name: String, _ kind: SettingKind, _ initial: String, _ doc: String) {
        self.name = name
        self.kind = kind
        self.initial = initial
        self.meaning = doc
    }

    private func with(_ change: (inout Setting) -> Void) -> Setting {
        var copy = self
        change(&copy)
        return copy
    }

    // MARK: Properties, for declarations

    func alias(_ name: String) -> Setting { with { $0.alias = name } }
    var atStart: Setting { with { $0.change = .atStart } }
    var whenUnprotected: Setting { with { $0.change = .whenUnprotected } }
    var hidden: Setting { with { $0.isHidden = true } }
    var secret: Setting { with { $0.isSecret = true } }
    var binary: Setting { with { $0.isBinary = true } }
    var severalWords: Setting { with { $0.takesSeveralWords = true } }
    func only(_ flavours: Availability) -> Setting { with { $0.availability = flavours } }
    func inValkey(_ initial: String) -> Setting { with { $0.valkeyInitial = initial } }
    func clamped(_ clamp: @escaping @Sendable (Int64) -> Int64) -> Setting {
        with { $0.clamp = clamp }
    }
    func refusing(_ check: @escaping @Sendable (SettingValue) -> String?) -> Setting {
        with { $0.check = check }
    }
    func held(by path: any WritableKeyPath<Settings, Bool> & Sendable) -> Setting {
        with { $0.storage = .flag(path) }
    }
    func held(by path: any WritableKeyPath<Settings, Int> & Sendable) -> Setting {
        with { $0.storage = .number(path) }
    }
    func held(by path: any WritableKeyPath<Settings, ByteString> & Sendable) -> Setting {
        with { $0.storage = .text(path) }
    }
    func held(by path: any WritableKeyPath<Settings, Permission> & Sendable) -> Setting {
        held(
            read: { .choice($0[keyPath: path].rawValue) },
            write: {
                if case .choice(let place) = $1, let permission = Permission(rawValue: place) {
                    $0[keyPath: path] = permission
                }
            })
    }
    func held(
        read: @escaping @Sendable (Settings) -> SettingValue,
        write: @escaping @Sendable (inout Settings, SettingValue) -> Void
    ) -> Setting {
        with { $0.storage = .custom(read: read, write: write) }
    }
}

extension Setting {
    /// True when nothing acts on it: it is kept, checked and reported, for tools that ask for it
    /// and files that set it.
    public var isOnlyKept: Bool {
        if case .kept = storage { true } else { false }
    }

    /// Its meaning, and whether anything acts on it.
    public var doc: String {
        isOnlyKept ? meaning + " Kept and reported; nothing acts on it yet." : meaning
    }

    /// Its default under a flavour.
    public func initialValue(_ flavour: Flavour) -> SettingValue {
        let text = flavour == .valkey80 ? valkeyInitial ?? initial : initial
        let words = takesSeveralWords ? Setting.words(of: ByteString(text)) : [ByteString(text)]
        do {
            return try parse(words, for: Settings(), .file)
        } catch {
            preconditionFailure("the default of \(name) is no value of it: \(error.reason)")
        }
    }

    /// Its value.
    public func value(in settings: Settings) -> SettingValue {
        switch storage {
        case .kept: settings.kept[name] ?? initialValue(settings.flavour)
        case .flag(let path): .flag(settings[keyPath: path])
        case .number(let path): .number(Int64(settings[keyPath: path]))
        case .text(let path): .text(settings[keyPath: path])
        case .custom(let read, _): read(settings)
        }
    }

    /// Its value as CONFIG GET prints it.
    public func text(in settings: Settings) -> ByteString { print(value(in: settings)) }

    /// Gives it the value that `words` say.
    public func set(
        _ words: [ByteString], in settings: inout Settings, from source: SettingSource
    ) throws(SettingError) {
        var value = try parse(words, for: settings, source)
        if case .number(let number) = value, let clamp { value = .number(clamp(number)) }
        if let reason = check?(value) { throw SettingError(reason) }
        store(value, in: &settings)
    }

    private func store(_ value: SettingValue, in settings: inout Settings) {
        switch (storage, value) {
        case (.flag(let path), .flag(let flag)): settings[keyPath: path] = flag
        case (.number(let path), .number(let number)): settings[keyPath: path] = Int(number)
        case (.text(let path), .text(let text)): settings[keyPath: path] = text
        case (.custom(_, let write), _): write(&settings, value)
        default: settings.kept[name] = value
        }
    }

    /// The words of a value given as one argument: each blank separates.
    static func words(of value: ByteString) -> [ByteString] {
        if value.isEmpty { return [] }
        return value.bytes.split(separator: 0x20, omittingEmptySubsequences: false)
            .map { ByteString(Array($0)) }
    }
}
