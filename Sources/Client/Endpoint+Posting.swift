public import Wire

// For whoever tells by itself what is a reply and what a message: commands go out, and whatever
// comes is handed over in the order in which it comes. Nothing of the session is kept for another
// connection.

extension Endpoint {
    /// What has come so far.
    public enum Arrived: Equatable, Sendable {
        /// A reply or a message.
        case value(RESPValue)
        /// Nothing in the time that was given.
        case nothing
        /// There is no connection any more, or it could not be made.
        case failed(Failure)
    }

    /// Sends commands and waits for nothing.
    ///
    /// - Returns: why they could not be sent; nil when they are on their way.
    public func post(_ commands: [[[UInt8]]]) -> Failure? {
        do throws(Interruption) {
            try connect()
            for words in commands { onSend?(words, false) }
            transmit(commands.flatMap(Self.encoded))
            return nil
        } catch {
            return failure(of: error)
        }
    }

    /// The next that comes, waiting at most so many milliseconds for it.
    public func nextArrival(within milliseconds: Int) -> Arrived {
        guard isConnected else { return .failed(.lost("there is no connection")) }
        let kept = patience
        patience = milliseconds
        defer { patience = kept }
        do throws(Interruption) {
            return .value(try nextReply(takingPushes: true))
        } catch {
            // What was asked for can still come, so the connection stays.
            if error == .byPerson { return .nothing }
            return .failed(failure(of: error))
        }
    }

    private func failure(of error: Interruption) -> Failure {
        if case .failed(let failure) = outcome(of: error, []) { return failure }
        return .lost("interrupted")
    }
}

extension Endpoint.Failure {
    /// The reason, for a person.
    public var reason: String {
        switch self {
        case .cannotConnect(let text), .refused(let text), .lost(let text),
            .protocolError(let text):
            text
        }
    }
}
