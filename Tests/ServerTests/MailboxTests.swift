import Bytes
import Dispatch
import Glibc
import Testing

@testable import Server

/// Whoever waits for a mailbox is woken for all that comes, and not when nothing has.
@Suite struct MailboxTests {
    private func isReadable(_ mailbox: Mailbox, milliseconds: Int32) -> Bool {
        var descriptor = pollfd(fd: mailbox.descriptor, events: Int16(POLLIN), revents: 0)
        // Safe: one descriptor, as the count says.
        return unsafe poll(&descriptor, 1, milliseconds) == 1
    }

    @Test func itIsReadableWhileSomethingIsInIt() {
        let mailbox = Mailbox()
        #expect(!isReadable(mailbox, milliseconds: 0))
        for round in 0..<3 as Range<UInt8> {
            #expect(mailbox.put([round].rawSpan) == 1)
            #expect(mailbox.put([9].rawSpan) == 2)
            #expect(isReadable(mailbox, milliseconds: 0))
            #expect(mailbox.take().bytes == [round, 9])
            #expect(!isReadable(mailbox, milliseconds: 0))
            #expect(mailbox.take().bytes == [])
        }
        mailbox.open()
        #expect(isReadable(mailbox, milliseconds: 0) && mailbox.take().isOpen)
        mailbox.end("over")
        mailbox.end("again")
        // The end stays announced, whoever waits after it.
        for _ in 0..<3 {
            #expect(mailbox.take().end == "over" && isReadable(mailbox, milliseconds: 0))
        }
    }

    @Test func nothingIsLostBetweenTwoThreads() {
        let mailbox = Mailbox()
        let count = 20_000
        DispatchQueue(label: "larder.test").async {
            for number in 0..<count { mailbox.put([UInt8(number % 251)].rawSpan) }
        }
        var taken: [UInt8] = []
        while taken.count < count, isReadable(mailbox, milliseconds: 20_000) {
            taken += mailbox.take().bytes
        }
        #expect(taken == (0..<count).map { UInt8($0 % 251) })
        // A byte that was late has woken for nothing once at most.
        _ = mailbox.take()
        #expect(!isReadable(mailbox, milliseconds: 0))
    }
}
