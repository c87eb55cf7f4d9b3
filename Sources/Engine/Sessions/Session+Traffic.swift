public import Bytes
public import Grammar
public import Wire

// What the node tells the store about a connection's traffic, and what it asks about it.

extension Store {
    /// The bounds on the session's next request.
    public func requestLimits(session: Int) -> RequestParser.Limits {
        RequestParser.Limits(
            bulkLength: settings.maximumBulkLength,
            isUnauthenticated: mustAuthenticate(session))
    }

    /// The protocol version that the session speaks.
    public func version(session: Int) -> ProtocolVersion {
        sessions[session]?.version ?? .two
    }

    /// Notes that bytes have arrived.
    @inline(__always)
    public mutating func beginInput(session: Int, pending: Int) {
        guard let holder = sessions[session] else { return }
        holder.lastActivity = now.wall
        holder.pendingInput = pending
        selected = holder.database
        if !isInTurn { lastClock = stopwatch() }
    }

    /// Notes that bytes have arrived for a session that waits.
    public mutating func noteInput(session: Int, pending: Int) {
        sessions[session]?.pendingInput = pending
        settleSession(session)
    }

    /// Notes how many of them made requests, and how many wait for more.
    public mutating func finishInput(session: Int, consumed: Int, pending: Int) {
        statistics.bytesIn += consumed
        statistics.reads += 1
        guard let holder = sessions[session] else { return }
        holder.pendingInput = pending
        holder.bytesIn += consumed
        if pending != holder.accountedInput { settleSession(session) }
    }

    /// Notes how many bytes of replies the host could not send yet.
    public mutating func noteOutput(session: Int, pending: Int) {
        sessions[session]?.pendingOutput = pending
        settleSession(session)
    }

    /// Notes what buffers the host keeps for a session, when it has looked at them.
    /// - Parameters:
    ///   - inputRoom: bytes of room behind what was read and not run yet.
    ///   - replies: bytes of the buffer for replies.
    ///   - peak: the most bytes that were in it since the host looked last.
    public mutating func noteBuffers(session: Int, inputRoom: Int, replies: Int, peak: Int) {
        guard let holder = sessions[session] else { return }
        holder.inputRoom = inputRoom
        if holder.replyBuffer > 0, replies > holder.replyBuffer {
            statistics.replyBufferExpansions += 1
        } else if replies < holder.replyBuffer {
            statistics.replyBufferShrinks += 1
        }
        holder.replyBuffer = replies
        holder.replyBufferPeak = peak
    }

    /// Notes that replies were handed out to be sent.
    public mutating func noteReplies(session: Int, bytes: Int) {
        statistics.bytesOut += bytes
        statistics.writes += 1
        sessions[session]?.bytesOut += bytes
    }

    /// Notes that a connection ends because it has sent too much that could not be run.
    public mutating func noteQueryLimitExceeded() { statistics.queryLimitDisconnections += 1 }

    /// Notes that a connection ends because it has not read too much of what was sent to it.
    public mutating func noteOutputLimitExceeded() { statistics.outputLimitDisconnections += 1 }

    /// Notes a turn of the host's loop in which something was run, and how long it was.
    public mutating func noteTurn(nanoseconds: UInt64) {
        statistics.turns += 1
        statistics.turnNanoseconds &+= nanoseconds
    }

    /// Why a connection from there is not taken in, or nil.
    public func refusal(of origin: ConnectionOrigin) -> CommandError? {
        if statistics.openSessions > settings.maximumClients, origin.kind != .embedded {
            return .tooManyClients
        }
        if settings.isProtected, settings.password.isEmpty, !origin.isLocal {
            return .protectedMode
        }
        return nil
    }

    /// Writes why a connection is not taken in.
    public mutating func refuseConnection(_ error: CommandError, reply: inout ReplyWriter) {
        statistics.rejectedConnections += 1
        refuse(error, &reply)
    }

    /// Writes why a stream cannot be read on.
    public mutating func protocolError(_ reason: ByteString, reply: inout ReplyWriter) {
        refuse(CommandError(ByteString(Array("ERR Protocol error: ".utf8) + reason.bytes)), &reply)
    }
}

extension CommandError {
    /// There are as many connections as `maxclients` allows.
    static let tooManyClients = CommandError("ERR max number of clients reached")

    /// A connection from elsewhere while there is no password: word for word what the servers of
    /// the field say, because tools look for it.
    static let protectedMode = CommandError(
        """
        DENIED Redis is running in protected mode because protected mode is enabled and no \
        password is set for the default user. In this mode connections are only accepted \
        from the loopback interface. If you want to connect from external computers to Redis \
        you may adopt one of the following solutions: 1) Just disable protected mode sending \
        the command 'CONFIG SET protected-mode no' from the loopback interface by connecting \
        to Redis from the same host the server is running, however MAKE SURE Redis is not \
        publicly accessible from internet if you do so. Use CONFIG REWRITE to make this \
        change permanent. 2) Alternatively you can just disable the protected mode by \
        editing the Redis configuration file, and setting the protected mode option to 'no', \
        and then restarting the server. 3) If you started the server manually just for \
        testing, restart it with the '--protected-mode no' option. 4) Setup a an \
        authentication password for the default user. NOTE: You only need to do one of the \
        above things in order for the server to start accepting connections from the \
        outside.
        """)
}
