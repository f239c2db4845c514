package import RecordFormats

/// The encoding of a list that is not UTF-8, as its bytes let guess: that in which its words look most like words.
package enum LikelyEncoding {
    /// Bytes that are looked at.
    static let bytesMax = 8 << 20
    /// What messages of this program hold beside ASCII.
    private static let own: Set<Unicode.Scalar> = ["…", "“", "”", "„", "«", "»"]
    /// The encodings that are considered: of those in which a list looks alike, the first.
    private static let candidates: [TextEncoding] = [
        .windows1252, .windows1250, .latin2, .windows1251, .koi8r, .windows1254, .windows1253,
    ]
    /// Encodings besides the likeliest that are told.
    private static let othersMax = 2

    /// The likeliest encoding where the file holds bytes that aren't UTF-8, all of which are characters of it, and next
    /// to no other character that is UTF-8; nil for any other file, and for one that can't be read.
    package static func of(_ path: String) -> TextEncoding? {
        SystemCall.contents(path, bytesMax: bytesMax).flatMap { of(Array($0)).first }
    }

    /// The encodings that a file may be in by its bytes, the likeliest first; those in which it reads alike are one,
    /// and those in which it looks less like text are none. Empty where it is UTF-8, or text in none of them.
    package static func of(_ bytes: [UInt8]) -> [TextEncoding] {
        guard isOtherThanUTF8(bytes) else { return [] }
        let signs = Array(Set(bytes.filter { $0 >= 0x80 })).sorted()
        let words = LikelyWords.around(bytes)
        let found = candidates.compactMap { encoding -> (encoding: TextEncoding, words: LikelyWords)? in
            guard let all = encoding.text(of: signs), !all.unicodeScalars.contains(where: isControl),
                let text = encoding.text(of: words)
            else { return nil }
            let words = LikelyWords(text)
            // Of signs alone, those that spreadsheets write.
            return words.isEnough && (words.hasLetters || encoding == .windows1252) ? (encoding, words) : nil
        }
        guard let least = found.map(\.words.oddities).min() else { return [] }
        var told: [(encoding: TextEncoding, words: LikelyWords)] = []
        for one in found where one.words.oddities == least && !one.words.areNone {
            if told.count <= othersMax, !told.contains(where: { $0.words.text == one.words.text }) { told.append(one) }
        }
        return told.map(\.encoding)
    }

    /// How one of these names reads in each of the encodings, the first that reads otherwise in each; nothing where
    /// they are one that needs no proof.
    static func readings(of names: [[UInt8]], in encodings: [TextEncoding]) -> [Misread.Reading] {
        guard encodings.count > 1 || encodings.first != .windows1252 else { return [] }
        func texts(_ name: [UInt8]) -> [String] { encodings.map { $0.text(of: name) ?? "" } }
        let all = names.lazy.map(texts)
        let chosen = all.first { Set($0).count == encodings.count } ?? all.first { Set($0).count > 1 } ?? all.first
        return zip(encodings, chosen ?? []).map { Misread.Reading(encoding: $0.rawValue, text: $1) }
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool { scalar.properties.generalCategory == .control }

    /// Whether bytes hold what isn't UTF-8, and next to nothing but ASCII that is.
    private static func isOtherThanUTF8(_ bytes: [UInt8]) -> Bool {
        var parser = Unicode.UTF8.ForwardParser()
        var iterator = bytes.makeIterator()
        var (others, characters) = (0, 0)
        while true {
            switch parser.parseScalar(from: &iterator) {
            case .valid(let encoded):
                let scalar = Unicode.UTF8.decode(encoded)
                // Two bytes of such a list may happen to be a character.
                if !scalar.isASCII, !own.contains(scalar) { characters += 1 }
            case .error: others += 1
            case .emptyInput: return others > 0 && characters * 8 <= others
            }
        }
    }

    /// Whether a file holds ASCII alone; false for one that can't be read, or is longer than what is looked at.
    package static func isASCII(_ path: String) -> Bool {
        guard let data = SystemCall.contents(path, bytesMax: bytesMax), data.count < bytesMax else { return false }
        return data.allSatisfy { $0 < 0x80 }
    }
}
