import Bytes
import Engine
import Wire

// A host that reads many connections in one turn of its loop gives their requests to the node
// together: while the rest are still being read, the memory that the first will need is on its
// way, as it is for the requests of a pipeline.

extension Node {
    /// Looks at a request that `receive` will be given later in this turn, and asks for the
    /// memory behind its key. Changes nothing.
    @inline(__always)
    public mutating func anticipate(_ input: RawSpan, from id: ConnectionID) {
        guard isOpen(id), connections[id.place].partial == nil,
            store.isWorthAnticipating(session: id.place)
        else { return }
        let limits = store.requestLimits(session: id.place)
        if case .request(let end) = parser.parse(input, from: 0, limits: limits) {
            Node.anticipate(
                parser, parser.keep(from: 0, to: end), input, session: id.place, &store)
        }
        parser.restart()
    }

    @inline(__always)
    private static func anticipate(
        _ parser: borrowing RequestParser, _ request: RequestParser.Request, _ input: RawSpan,
        session: Int, _ store: inout Store
    ) {
        let arguments = parser.arguments(of: request, in: input)
        if arguments.count > 1 { store.anticipate(arguments[1], session: session) }
    }

    /// Begins to run what was anticipated: from here on to `endTurn` one `receive` begins when
    /// the last has ended, so the clock is read once a command.
    public mutating func beginTurn() {
        store.beginTurn()
    }

    /// Ends what `beginTurn` began.
    public mutating func endTurn() {
        store.endTurn()
    }
}
