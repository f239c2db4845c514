/// How an input is compressed, by its first bytes.
enum Compression: String, CaseIterable, Sendable {
    case gzip
    case zstd

    /// The bytes that a member begins with (RFC 1952, section 2.3.1; RFC 8878, section 3.1.1).
    var magic: [UInt8] {
        switch self {
        case .gzip: [0x1f, 0x8b]
        case .zstd: [0x28, 0xb5, 0x2f, 0xfd]
        }
    }

    /// The endings of file names that go with it.
    private var suffixes: [String] {
        switch self {
        case .gzip: [".gz", ".gzip"]
        case .zstd: [".zst", ".zstd"]
        }
    }

    /// The compression of an input that begins with `bytes`; nil where there is none.
    init?(firstBytes bytes: some Sequence<UInt8>) {
        guard let found = Self.allCases.first(where: { bytes.starts(with: $0.magic) }) else { return nil }
        self = found
    }

    /// `path` without the ending of a compressed file's name, which stands behind that of its format.
    static func strip(_ path: String) -> String {
        for suffix in allCases.flatMap(\.suffixes) where path.lowercased().hasSuffix(suffix) {
            return String(path.dropLast(suffix.count))
        }
        return path
    }
}
