package import RecordFormats

/// How an input is compressed, by its first bytes.
package enum Compression: String, CaseIterable, Sendable {
    /// RFC 1952.
    case gzip
    /// RFC 8878.
    case zstd

    /// The endings of file names that go with it.
    private var suffixes: [String] {
        switch self {
        case .gzip: [".gz", ".gzip"]
        case .zstd: [".zst", ".zstd"]
        }
    }

    /// The compression of an input that begins with `bytes`; nil where there is none.
    package init?(firstBytes bytes: [UInt8]) {
        switch FileKind.signed(bytes) {
        case .gzip?: self = .gzip
        case .zstd?: self = .zstd
        default: return nil
        }
    }

    /// What the ending of a file's name asks for; nil for none.
    package init?(suffixOf path: String) {
        let name = path.lowercased()
        guard let found = Self.allCases.first(where: { $0.suffixes.contains { name.hasSuffix($0) } }) else {
            return nil
        }
        self = found
    }

    /// `path` without the ending of a compressed file's name, which stands behind that of its format.
    package static func strip(_ path: String) -> String {
        for suffix in allCases.flatMap(\.suffixes) where path.lowercased().hasSuffix(suffix) {
            return String(path.dropLast(suffix.count))
        }
        return path
    }
}

extension RecordFormat {
    /// The format that the suffix of an output's path asks for, before that of its compression; nil where it says none.
    package static func ofOutput(_ path: String) -> RecordFormat? { fromSuffix(of: Compression.strip(path)) }
}
