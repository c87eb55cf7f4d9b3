import Bytes
import Wire

/// Reads the words of a request one after the other: what handlers parse their options with.
public struct ArgumentCursor: ~Escapable {
    private let arguments: Arguments
    /// The index of the next word.
    public private(set) var index: Int

    /// A cursor that reads from the word at `index` on.
    @_lifetime(copy call)
    public init(_ call: borrowing Call, from index: Int) {
        self.arguments = call.arguments
        self.index = index
    }

    /// True when no word is left.
    public var isAtEnd: Bool { index >= arguments.count }

    /// How many words are left.
    public var remaining: Int { max(0, arguments.count - index) }

    /// The next word without taking it.
    public var peek: RawSpan? {
        @_lifetime(copy self)
        get { isAtEnd ? nil : arguments[index] }
    }

    /// Takes the next word.
    @_lifetime(copy self)
    public mutating func next() -> RawSpan? {
        if isAtEnd { return nil }
        index += 1
        return arguments[index - 1]
    }

    /// Takes the next word if it is `word`, in any case of letters; `word` is in capitals.
    public mutating func take(_ word: StaticString) -> Bool {
        guard !isAtEnd, arguments[index].matches(word) else { return false }
        index += 1
        return true
    }

    /// Takes the next word if it is `word` and at least `words` more follow it.
    public mutating func take(_ word: StaticString, followedBy words: Int) -> Bool {
        guard remaining > words, arguments[index].matches(word) else { return false }
        index += 1
        return true
    }
}
