public import Wire

// Many questions at once: they go out together and their replies are taken one after the other,
// so that a page of keys costs one way to the server and back instead of one for each key.

extension Endpoint {
    /// Sends commands together and takes all their replies, which must be one each.
    ///
    /// - Returns: the replies in the order of the commands, or what went wrong, after which none
    ///   of them is known.
    public func callAll(_ commands: [[[UInt8]]]) -> Result<[RESPValue], Interrupted> {
        if commands.isEmpty { return .success([]) }
        do throws(Interruption) {
            try connect()
            for words in commands { onSend?(words, false) }
            transmit(commands.flatMap(Self.encoded))
            var replies: [RESPValue] = []
            for words in commands {
                let reply = try nextReply()
                state.note(words, reply)
                replies.append(reply)
            }
            return .success(replies)
        } catch {
            return .failure(Interrupted(outcome: outcome(of: error, commands[0])))
        }
    }

    /// Why there are no replies.
    public struct Interrupted: Error {
        /// How the commands came out; never a reply.
        public let outcome: Outcome
    }
}
