import Synchronization

/// What happened, in order, as several tasks record it.
final class Recorder<Event: Sendable>: Sendable {
    private let events = Mutex<[Event]>([])

    var all: [Event] { events.withLock { $0 } }

    func add(_ event: Event) { events.withLock { $0.append(event) } }
}

/// What was said to a person.
typealias Notes = Recorder<String>
