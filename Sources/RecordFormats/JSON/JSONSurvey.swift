/// Finds where objects with names stand in a JSON value that is no list of records at its own level, and whether its
/// members are records keyed by their names. It reads as far as the value is sound, and is used for messages only.
struct JSONSurvey {
    /// A step from a value into it.
    enum Step: Hashable {
        case member(String)
        case element
    }
    /// Places that are counted.
    private static let placesMax = 32

    private let mapping: MemberMapping
    /// The places of objects with a name, and how many there are of each, in the order in which they came up.
    private(set) var places: [(steps: [Step], count: Int)] = []
    /// The place of the first arrays that are elements of an array, as the rows of a table are.
    private(set) var rows: [Step]?
    /// The place of an object whose members look like records keyed by their names.
    private(set) var keyed: [Step]?
    /// Whether the keyed records are several, and have names of their own.
    private(set) var isKeyedOfNamed = false
    private var isKeyedSure = false
    /// The names of the first object's members.
    private(set) var members: [String] = []

    init(mapping: MemberMapping) {
        self.mapping = mapping
    }

    /// Looks through a value, which `steps` lead to.
    mutating func read(_ bytes: Span<UInt8>, at steps: [Step] = []) {
        var reader = JSONReader(levelsLeft: 200)
        reader.skipBlanks(bytes)
        do throws(JSONError) { try read(bytes, &reader, steps) } catch { return }
    }

    /// The place that most objects with a name stand at; of several the first. Those that describe a table's columns
    /// don't count.
    var best: [Step]? {
        var best: (steps: [Step], count: Int)?
        for place in places where place.count > best?.count ?? 0 && !JSONTable.isOfColumns(place.steps) { best = place }
        return best?.steps
    }

    /// The table whose columns stand apart from its rows, where names are those of columns.
    var table: JSONTable? {
        places.first { JSONTable.isOfColumns($0.steps) }.map { JSONTable(columns: $0.steps, rows: rows) }
    }

    /// The names among the steps.
    static func members(of steps: [Step]) -> [String] {
        steps.compactMap { if case .member(let name) = $0 { name } else { nil } }
    }

    /// The program of jq that gives what the steps lead to.
    static func program(_ steps: [Step], _ start: String) -> String {
        var text = start
        for step in steps {
            switch step {
            case .element: text += "[]?"
            case .member(let name): text += (text.last == "." ? "" : ".") + "\"\(name)\""
            }
        }
        return text
    }

    /// The text of a member's name, decoded.
    static func name(_ text: JSONReader.Text, _ bytes: Span<UInt8>) -> [UInt8] {
        var decoded: [UInt8] = []
        _ = JSONText.decode(text, of: bytes, into: &decoded)
        return decoded
    }

    private mutating func read(_ bytes: Span<UInt8>, _ reader: inout JSONReader, _ steps: [Step]) throws(JSONError) {
        guard reader.index < bytes.count else { return }
        switch bytes[reader.index] {
        case UInt8(ascii: "{"): try readObject(bytes, &reader, steps)
        case UInt8(ascii: "["):
            if rows == nil, steps.last == .element { rows = steps }
            try reader.open()
            reader.skipBlanks(bytes)
            if reader.index < bytes.count, bytes[reader.index] == UInt8(ascii: "]") { return reader.close() }
            repeat {
                try read(bytes, &reader, steps + [.element])
            } while try reader.another(
                bytes, close: UInt8(ascii: "]"))
        default: try reader.skipValue(bytes)
        }
    }

    private mutating func readObject(
        _ bytes: Span<UInt8>, _ reader: inout JSONReader, _ steps: [Step]
    ) throws(JSONError) {
        var shape = Shape()
        let isFirst = members.isEmpty
        try reader.open()
        reader.skipBlanks(bytes)
        if reader.index < bytes.count, bytes[reader.index] == UInt8(ascii: "}") { return reader.close() }
        repeat {
            let name = Self.name(try reader.memberName(bytes), bytes)
            let text = String(decoding: name, as: UTF8.self)
            if isFirst, members.count < 6 { members.append(text) }
            let member = mapping.member(name.span)
            if member == .first { count(steps) }
            if member.isKept { shape.hasRole = true }
            guard reader.index < bytes.count else { return }
            shape.add(bytes[reader.index])
            let start = reader.index
            try read(bytes, &reader, steps + [.member(text)])
            if bytes[start] == UInt8(ascii: "{") { shape.add(roles(of: bytes, start)) }
        } while try reader.another(bytes, close: UInt8(ascii: "}"))
        note(shape, steps)
    }

    /// What the members of an object are.
    private struct Shape {
        var objects = 0, numbers = 0, others = 0
        /// Objects that have a name of their own.
        var named = 0
        var hasRole = false, hasRoles = false

        mutating func add(_ roles: (hasAny: Bool, hasFirst: Bool)) {
            if roles.hasAny { hasRoles = true }
            if roles.hasFirst { named += 1 }
        }

        mutating func add(_ byte: UInt8) {
            switch byte {
            case UInt8(ascii: "{"): objects += 1
            case UInt8(ascii: "-"), 0x30...0x39: numbers += 1
            case UInt8(ascii: "n"): break
            default: others += 1
            }
        }
    }

    private mutating func note(_ shape: Shape, _ steps: [Step]) {
        guard !shape.hasRole, shape.others == 0, !steps.contains(.element) else { return }
        let isObjects = shape.objects > 0 && shape.numbers == 0
        let isNumbers = shape.numbers > 1 && shape.objects == 0
        // Most members are objects with a name; names further in are those of something else.
        let areNamed = shape.objects > 1 && shape.named * 2 > shape.objects
        let isSure = isObjects && (shape.hasRoles || areNamed)
        guard isSure || isObjects && shape.objects > 1 || isNumbers, keyed == nil || isSure && !isKeyedSure else {
            return
        }
        (keyed, isKeyedSure, isKeyedOfNamed) = (steps, isSure, areNamed)
    }

    /// Whether the object at `start` has a member of a role, and of the first one.
    private func roles(of bytes: Span<UInt8>, _ start: Int) -> (hasAny: Bool, hasFirst: Bool) {
        var found = (hasAny: false, hasFirst: false)
        var reader = JSONReader(levelsLeft: 200)
        reader.index = start
        do throws(JSONError) {
            try reader.open()
            reader.skipBlanks(bytes)
            if bytes[reader.index] == UInt8(ascii: "}") { return found }
            repeat {
                let member = mapping.member(Self.name(try reader.memberName(bytes), bytes).span)
                if member.isKept { found.hasAny = true }
                if member == .first { found.hasFirst = true }
                try reader.skipValue(bytes)
            } while try reader.another(bytes, close: UInt8(ascii: "}"))
        } catch {
            return found
        }
        return found
    }

    private mutating func count(_ steps: [Step]) {
        if let index = places.firstIndex(where: { $0.steps == steps }) {
            places[index].count += 1
        } else if places.count < Self.placesMax {
            places.append((steps, 1))
        }
    }

    /// The name that `--key-as` takes for the keyed records: that of the first role, where they have no names.
    var keyName: String { !isKeyedOfNamed ? mapping.givenNames[0] ?? mapping.roles[0].name : "id" }
}
