/// The command line.
enum Arguments {
    /// The arguments without the program's name, as they are parsed: a percent sign that a blank separates from its
    /// number (`--max-errors 5 %`) belongs to it.
    ///
    /// An argument that isn't UTF-8 has a character for private use (U+10FE80 to U+10FEFF) in place of each byte that
    /// isn't, see ``bytes(_:)``: a path has to be read as it is.
    static let given: [String] = joined(CommandLine.unsafeArgv, Int(CommandLine.argc))

    /// The bytes of an argument, or of a part of it, as they were given.
    static func bytes(_ text: String) -> [UInt8] {
        text.unicodeScalars.flatMap { scalar in
            let byte = Int(scalar.value) - standIn
            return (0x80...0xFF).contains(byte) ? [UInt8(byte)] : Array(String(scalar).utf8)
        }
    }

    /// What is added to a byte that isn't UTF-8.
    private static let standIn = 0x10_FE00

    private static func joined(_ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>, _ count: Int)
        -> [String]
    {
        var kept: [String] = []
        for argument in (0..<count).dropFirst().compactMap({ arguments[$0].map(text) }) {
            if argument == "%", kept.count >= 2, kept[kept.count - 2].hasPrefix("--"),
                kept[kept.count - 1].allSatisfy({ $0.isNumber || $0 == "." })
            {
                kept[kept.count - 1] += argument
            } else {
                kept.append(argument)
            }
        }
        return kept
    }

    private static func text(_ argument: UnsafeMutablePointer<CChar>) -> String {
        if let text = String(validatingCString: argument) { return text }
        // Whatever isn't ASCII, for such an argument is rare, and its bytes are all that counts.
        var text = String.UnicodeScalarView()
        var next = UnsafePointer(argument)
        while next.pointee != 0 {
            let byte = UInt8(bitPattern: next.pointee)
            text.append(byte < 0x80 ? Unicode.Scalar(byte) : Unicode.Scalar(UInt32(standIn + Int(byte))) ?? "?")
            next += 1
        }
        return String(text)
    }
}
