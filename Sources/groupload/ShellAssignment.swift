import GroupLoad

/// A line `NAME=value` as a shell reads it (POSIX, 2.2 "Quoting"), without expansion.
struct ShellAssignment {
    var name: String
    var value: String

    /// What a line can't be read for; never with a value in it.
    enum Fault: Error {
        case notAssignment, openQuote, moreWords, expansion, operation, trailingBackslash, control
        case unknown(String, String)

        var message: String {
            switch self {
            case .notAssignment: "it is no NAME=value; write one to a line, without blanks around ="
            case .openQuote: "a quote isn't closed on the line; close it, and put a quote within double quotes as \\\""
            case .moreWords: "there is more than one word behind =; put the value in single quotes"
            case .expansion: "a shell would expand what begins with $, ` or ~; put the value in single quotes"
            case .operation: "a shell takes ; & | < > ( and ) for its own; put the value in single quotes"
            case .trailingBackslash: "a backslash at the end joins lines in a shell; write the value on one line"
            case .control: "the value holds a control character; take it out"
            case .unknown(let name, let nearest):
                "\(Shown.text(name, limit: 60)) is no variable of groupload's; is it \(nearest)?"
            }
        }
    }

    /// The assignments of a line: none for a blank line, a comment, and a line that only exports names or has the shell
    /// export all (`set -a`).
    ///
    /// - Throws: ``Fault``.
    static func line(_ line: Substring.UnicodeScalarView) throws(Fault) -> [ShellAssignment] {
        var (rest, found) = (line.drop(while: isBlank), [ShellAssignment]())
        while let first = rest.first, first != "#" {
            let isBehindSemicolon = !found.isEmpty
            let behind = ["export", "declare -x", "typeset -x"].lazy.compactMap { Self.behind($0, rest) }.first
            if let behind { rest = behind }
            let allExport = ["set -a", "set +a", "set -o allexport", "set +o allexport"]
            if let behind = allExport.lazy.compactMap({ Self.behind($0, rest) }).first { rest = behind }
            let before = found.count
            while let next = rest.first, next != ";", next != "#" {
                let name = rest.prefix(while: isNamed)
                let end = rest[name.endIndex...]
                let isName = name.first.map { !("0"..."9").contains($0) } ?? false
                if isName, end.first == "=" {
                    let (value, after) = try word(end.dropFirst())
                    try found.append(ShellAssignment(String(String.UnicodeScalarView(name)), value))
                    rest = after
                } else if isName, behind != nil, end.first.map({ isBlank($0) || $0 == ";" }) ?? true {
                    rest = end
                } else {
                    throw found.count > before ? .moreWords : isBehindSemicolon ? .operation : .notAssignment
                }
                rest = rest.drop(while: isBlank)
            }
            guard rest.first == ";" else { break }
            rest = rest.dropFirst()
            // Without a blank, it may be meant as part of the value.
            if let next = rest.first, !isBlank(next) { throw .operation }
            rest = rest.drop(while: isBlank)
        }
        return found
    }

    private init(_ name: String, _ value: String) throws(Fault) {
        guard value.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7F || $0 == "\t" }) else {
            throw .control
        }
        (self.name, self.value) = (name, value)
    }

    /// What comes behind the words of a command, where a line begins with them; nil where it doesn't.
    private static func behind(
        _ words: String, _ line: Substring.UnicodeScalarView
    ) -> Substring.UnicodeScalarView? {
        var rest = line
        for word in words.split(separator: " ") {
            guard rest.starts(with: word.unicodeScalars) else { return nil }
            rest = rest.dropFirst(word.unicodeScalars.count)
            if let next = rest.first, !isBlank(next), next != ";" { return nil }
            rest = rest.drop(while: isBlank)
        }
        return rest
    }

    /// The word that `text` begins with, and what comes behind it.
    private static func word(
        _ text: Substring.UnicodeScalarView
    ) throws(Fault) -> (String, Substring.UnicodeScalarView) {
        var (rest, value) = (text, String.UnicodeScalarView())
        if rest.first == "~" { throw .expansion }
        while let next = rest.first, next != ";" {
            rest.removeFirst()
            switch next {
            case "'":
                guard let end = rest.firstIndex(of: "'") else { throw .openQuote }
                value.append(contentsOf: rest[..<end])
                rest = rest[rest.index(after: end)...]
            case "\"": try appendQuoted(&rest, to: &value)
            case "\\":
                guard let escaped = rest.popFirst() else { throw .trailingBackslash }
                value.append(escaped)
            case "`": throw .expansion
            case "$":
                if expands(rest.first) || rest.first == "'" || rest.first == "\"" { throw .expansion }
                value.append(next)
            case "&", "|", "<", ">", "(", ")": throw .operation
            case _ where isBlank(next): return (String(value), rest)
            default: value.append(next)
            }
        }
        return (String(value), rest)
    }

    /// Takes what stands in double quotes, and the quote that closes them.
    private static func appendQuoted(
        _ rest: inout Substring.UnicodeScalarView, to value: inout String.UnicodeScalarView
    ) throws(Fault) {
        while let next = rest.popFirst() {
            switch next {
            case "\"": return
            case "\\":
                if let escaped = rest.first, "\"\\$`".unicodeScalars.contains(escaped) {
                    value.append(escaped)
                    rest.removeFirst()
                } else {
                    value.append(next)
                }
            case "`": throw .expansion
            case "$":
                if expands(rest.first) { throw .expansion }
                value.append(next)
            default: value.append(next)
            }
        }
        throw .openQuote
    }

    /// Whether a shell expands a dollar sign before this.
    private static func expands(_ next: Unicode.Scalar?) -> Bool {
        guard let next else { return false }
        return isNamed(next) || "{(@*#?$!-".unicodeScalars.contains(next)
    }

    private static func isBlank(_ scalar: Unicode.Scalar) -> Bool { scalar == " " || scalar == "\t" }

    private static func isNamed(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "A"..."Z", "a"..."z", "0"..."9", "_": true
        default: false
        }
    }
}
