/// Why records ended as they did: those of one outcome whose messages say the same but for values and numbers.
package struct Cause: Sendable {
    /// How the records ended.
    package var outcome: Outcome
    var http: Int64?
    var code: Int64?
    /// The message, where all records have the same; else with `…` in place of what differs.
    package var message: String
    /// How many records.
    package var count = 0
    /// The first records that it befell, and what was said of each.
    package var examples: [(recordNumber: Int64, message: String)] = []
}

/// Groups records by cause while their outcomes pass by; in bounded memory, however many causes there are.
package struct CauseTally: Sendable {
    /// Causes that are distinguished, and examples that are kept of each.
    package static let causesMax = 1000, examplesMax = 3
    /// Bytes of a message by which causes are distinguished.
    private static let messageMax = 300

    private struct Key: Hashable {
        var outcome: Outcome
        var http: Int64?
        var code: Int64?
        var pattern: [UInt8]
    }

    private var causes: [Key: Cause] = [:]

    /// A tally of nothing.
    package init() {}

    /// Counts a record.
    package mutating func add(
        _ outcome: Outcome, http: Int64?, code: Int64?, message: UnsafeBufferPointer<UInt8>, recordNumber: Int64
    ) {
        // Safe, here and below: the message is lent for the call, and what is kept of it is copied.
        var key = unsafe Key(outcome: outcome, http: http, code: code, pattern: Self.pattern(of: message))
        if causes[key] == nil, causes.count >= Self.causesMax {
            key = Key(outcome: outcome, http: nil, code: nil, pattern: [])
        }
        let shown = unsafe message.prefix(Self.messageMax)
        var cause =
            unsafe causes[key]
            ?? Cause(
                outcome: outcome, http: key.http, code: key.code,
                message: key.pattern.isEmpty && message.count > 0
                    ? "other messages" : String(decoding: shown, as: UTF8.self))
        cause.count += 1
        if cause.examples.count < Self.examplesMax {
            unsafe cause.examples.append((recordNumber, String(decoding: shown, as: UTF8.self)))
        }
        if !key.pattern.isEmpty, unsafe !cause.message.utf8.elementsEqual(shown) {
            cause.message = String(decoding: key.pattern, as: UTF8.self)
        }
        causes[key] = cause
    }

    /// The causes, those that befell most records first.
    package var sorted: [Cause] {
        causes.values.sorted { first, second in
            first.count == second.count
                ? (first.examples.first?.recordNumber ?? 0) < (second.examples.first?.recordNumber ?? 0)
                : first.count > second.count
        }
    }

    /// A message with `…` in place of each quoted value and each number.
    private static func pattern(of message: UnsafeBufferPointer<UInt8>) -> [UInt8] {
        var pattern: [UInt8] = []
        var isQuoted = false
        var isNumber = false
        // Safe: as above; a place behind the byte is looked at where it isn't the end.
        for index in message.indices {
            let byte = unsafe message[index]
            if pattern.count >= messageMax { break }
            if byte == 0x22 {
                // A value may hold quotes itself; the one that ends it is followed by what goes on.
                let isEnd = unsafe index + 1 == message.count || " ,;.:)".utf8.contains(message[index + 1])
                if !isQuoted || isEnd {
                    if !isQuoted { pattern.append(contentsOf: "\"…".utf8) } else { pattern.append(0x22) }
                    isQuoted.toggle()
                }
                isNumber = false
            } else if !isQuoted {
                let isDigit = (0x30...0x39).contains(byte)
                if !isDigit { pattern.append(byte) } else if !isNumber { pattern.append(contentsOf: "…".utf8) }
                isNumber = isDigit
            }
        }
        return pattern
    }
}
