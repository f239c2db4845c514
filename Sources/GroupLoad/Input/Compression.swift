package import RecordFormats

/// How an input is compressed, by its first bytes.
package enum Compression: String, CaseIterable, Sendable {
    /// RFC 1952.
    case gzip
    /// RFC 8878.
    case zstd

    /// Whether a member begins with `bytes` (RFC 1952, section 2.3.1; RFC 8878, sections 3.1.1 and, of frames that are
    /// passed over, 3.1.2).
    private func begins(_ bytes: some Sequence<UInt8>) -> Bool {
        switch self {
        case .gzip: bytes.starts(with: [0x1f, 0x8b])
        case .zstd:
            bytes.starts(with: [0x28, 0xb5, 0x2f, 0xfd])
                || (0x50...0x5f).contains { bytes.starts(with: [$0, 0x2a, 0x4d, 0x18]) }
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
    package init?(firstBytes bytes: some Sequence<UInt8>) {
        guard let found = Self.allCases.first(where: { $0.begins(bytes) }) else { return nil }
        self = found
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
