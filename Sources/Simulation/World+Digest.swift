import Bytes

extension World {
    /// Forty digits over everything that decides what happens next: keys, clocks, dice, plans.
    /// Two worlds that agree in it go on alike.
    public func digest() -> String {
        var text = "\(now) \(queue.sequence) \(queue.count) \(roundTrips) \(nextFault) "
        var dice = linkDice
        text += "\(dice.next()) \(faults.map { "\($0.number) \($0.fault)" })\n"
        for link in links + programs {
            text +=
                "\(link.name) \(link.isOpen) \(link.roundTrip) \(link.expected) "
                + "\(link.replies.count) \(link.pushes.count) \(link.input.count)\n"
        }
        for node in nodes {
            text +=
                "\(node.name) \(node.isUp) \(node.pauses) \(node.starts) \(node.busy) "
                + "\(node.nextTick) \(node.digest())\n"
        }
        text += (shop?.digest ?? database?.digest ?? "") + "\n"
        for load in loads { text += load.digest + "\n" }
        text += "\(book.logs.map(\.count)) \(stepMark.places) \(runMark.places)"
        return SHA1.digest(Array(text.utf8).rawSpan).map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }.joined()
    }
}
