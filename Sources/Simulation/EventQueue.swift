// What is to happen, by time. A binary heap: events at the same time happen in the order in
// which they were planned, so that a world never depends on how a heap falls.

/// The events of a world that are still to come.
struct EventQueue {
    struct Event {
        let time: UInt64
        let sequence: UInt64
        let action: WorldAction
    }

    private var heap: [Event] = []
    private(set) var sequence: UInt64 = 0

    /// When the next one is due; `UInt64.max` when there is none.
    var nextTime: UInt64 { heap.isEmpty ? .max : heap[0].time }

    var count: Int { heap.count }

    mutating func plan(_ action: WorldAction, at time: UInt64) {
        let event = Event(time: time, sequence: sequence, action: action)
        sequence += 1
        heap.append(event)
        var child = heap.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            if !EventQueue.isBefore(event, heap[parent]) { break }
            heap[child] = heap[parent]
            child = parent
        }
        heap[child] = event
    }

    /// Takes out the one that is due next.
    mutating func takeNext() -> Event? {
        guard let first = heap.first, let last = heap.popLast() else { return nil }
        if heap.isEmpty { return first }
        var parent = 0
        while true {
            var child = 2 * parent + 1
            if child >= heap.count { break }
            if child + 1 < heap.count, EventQueue.isBefore(heap[child + 1], heap[child]) {
                child += 1
            }
            if !EventQueue.isBefore(heap[child], last) { break }
            heap[parent] = heap[child]
            parent = child
        }
        heap[parent] = last
        return first
    }

    private static func isBefore(_ left: Event, _ right: Event) -> Bool {
        left.time == right.time ? left.sequence < right.sequence : left.time < right.time
    }
}

/// Something that happens in a world at its time.
enum WorldAction {
    /// A fault is over.
    case endFault(Int)
    /// Requests arrive at a node.
    case arrive(Delivery)
    /// Replies arrive at whoever asked.
    case reply(Delivery, DeliveryOutcome)
    /// The next request of a load comes.
    case arrival(LoadRun, isWrite: Bool)
    /// The database has its answer.
    case queryDone(DatabaseQuery)
}

/// Requests on their way to a node on behalf of the world's own clients.
final class Delivery {
    /// Who has sent them.
    enum Client {
        case shop(ShopRequest)
        case load(LoadRun)
    }

    let client: Client
    let link: Link
    let requests: [Request]
    /// Nanoseconds for the way there and back.
    let trip: UInt64
    let sentAt: UInt64

    init(
        _ requests: [Request], of client: Client, on link: Link, trip: UInt64, sentAt: UInt64
    ) {
        self.client = client
        self.link = link
        self.requests = requests
        self.trip = trip
        self.sentAt = sentAt
    }
}

/// What came of them.
enum DeliveryOutcome {
    /// The bytes of the replies.
    case replies([UInt8])
    /// Nobody answers, for this reason.
    case failed(String)
}
