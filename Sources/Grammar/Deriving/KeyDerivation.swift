// Key positions from the arguments.
//
// A key at a fixed distance from the name is an index; a key behind an option is found by the
// option's word; keys whose number is told by `numkeys` begin there. A repeated key reaches to the
// end of the line less what must still follow. Only commands whose keys follow none of these rules
// (`SORT`, `MIGRATE`) declare their positions beside their arguments.

extension CommandSpec {
    /// Where its keys are, as `COMMAND INFO` reports it.
    public var keySpecs: [KeySpec] { keyLayout.specs }

    /// The key positions, and which of them each key argument stands for.
    var keyLayout: KeyLayout {
        var layout = derivedKeyLayout
        if let keySpecsOverride { layout.specs = keySpecsOverride }
        return layout
    }

    /// The key positions as the arguments alone tell them.
    var derivedKeyLayout: KeyLayout {
        var layout = KeyLayout()
        layout.walk(
            arguments, from: .init(word: container == nil ? 1 : 2, isFixed: true),
            tail: WordBounds(minimum: 0, isExact: true))
        return layout
    }
}

/// The key positions of one command.
struct KeyLayout {
    /// The positions.
    var specs: [KeySpec] = []
    /// For each key argument, in the order of the declaration, the number of its position.
    var indexes: [Int] = []

    /// A place in the line: the word's number, and whether it is always that one.
    struct Place {
        var word: Int
        var isFixed: Bool
        /// The word of the `numkeys` just before, if there is one.
        var count: Int?
        /// The option that introduces what stands here, and the first word that it can be.
        var keyword: (token: String, from: Int)?
        /// The words of the repeated block around, if there is one.
        var step: Int?
        /// Into how many equal parts the rest of the line falls.
        var parts = 0
    }

    /// Takes the arguments of a sequence; `tail` are the words that follow the whole of it.
    mutating func walk(_ arguments: [Argument], from start: Place, tail: WordBounds) {
        var place = start
        for (index, argument) in arguments.enumerated() {
            var rest = WordBounds(arguments[(index + 1)...])
            rest.minimum += tail.minimum
            rest.isExact = rest.isExact && tail.isExact
            visit(argument, place, tail: rest)
            let own = WordBounds([argument])
            let isCount = argument.name == "numkeys" && place.isFixed && !argument.isOptional
            place.count = isCount ? place.word : nil
            place.keyword = nil
            place.word += own.minimum
            place.isFixed = place.isFixed && own.isExact
        }
    }

    private mutating func visit(_ argument: Argument, _ start: Place, tail: WordBounds) {
        var place = start
        if let token = argument.token {
            place.keyword = (token, place.word)
            place.word += 1
        }
        // An optional argument is found by its word alone, wherever it stands.
        if argument.isOptional, place.keyword != nil { place.isFixed = false }
        switch argument.kind {
        case .key(let flags):
            add(argument, flags, place, tail)
        case .oneOf(let choices):
            for choice in choices { walk([choice], from: place, tail: tail) }
        case .block(let parts):
            if argument.isRepeated { place.step = WordBounds(parts).minimum }
            place.parts = parts.filter(\.isRepeated).count
            walk(parts, from: place, tail: place.parts > 1 ? WordBounds([]) : tail)
        default:
            break
        }
    }

    private mutating func add(
        _ argument: Argument, _ flags: KeyFlags, _ place: Place, _ tail: WordBounds
    ) {
        let (begin, find) = position(argument, place, tail)
        if let number = argument.keySpecIndex {
            indexes.append(number)
            return
        }
        if let last = specs.indices.last, specs[last].flags == flags,
            case .index(let first) = specs[last].begin, case .index(let next) = begin,
            case .range(let reach, 1, 0) = specs[last].find, case .range(0, 1, 0) = find,
            reach >= 0, first + reach + 1 == next
        {
            specs[last].find = .range(last: reach + 1, step: 1, limit: 0)
        } else {
            var spec = KeySpec(begin, find, flags, notes: argument.keyNote)
            spec.variant = argument.keyVariant
            specs.append(spec)
        }
        indexes.append(specs.count - 1)
    }

    private func position(
        _ argument: Argument, _ place: Place, _ tail: WordBounds
    ) -> (KeySpec.Begin, KeySpec.Find) {
        if let count = place.count, argument.isRepeated {
            return (.index(count), .number(at: 0, first: 1, step: 1))
        }
        let begin: KeySpec.Begin =
            if place.isFixed {
                .index(place.word)
            } else if let keyword = place.keyword {
                .keyword(keyword.token, from: keyword.from)
            } else {
                .unknown
            }
        if argument.isRepeated, place.parts > 1 {
            return (begin, .range(last: -1, step: 1, limit: place.parts))
        }
        guard argument.isRepeated || place.step != nil else {
            return (begin, .range(last: 0, step: 1, limit: 0))
        }
        guard tail.isExact else { return (begin, .unknown) }
        let behind = place.step == nil ? tail.minimum : 0
        return (begin, .range(last: -1 - behind, step: place.step ?? 1, limit: 0))
    }
}
