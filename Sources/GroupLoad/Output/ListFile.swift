import RecordFormats

/// A list while it is written: the bytes of an encoder, packed into a workbook where that is what is asked for.
final class ListFile {
    private let file: AtomicFile
    private let package: XLSXPackage?

    /// Opens the file; nil for standard output.
    ///
    /// - Throws: ``RunError`` with ``ExitStatus/cannotWrite``.
    init(_ path: String?, format: RecordFormat) throws(RunError) {
        file =
            try path.map { path throws(RunError) in try AtomicFile(path, mode: 0o666) } ?? AtomicFile.standardOutput()
        package = format == .xlsx ? XLSXPackage(sheet: "Groups") : nil
    }

    /// Writes bytes of the encoder, which are emptied.
    func append(_ bytes: inout [UInt8]) throws {
        let packed = package?.pack(bytes) ?? bytes
        try file.append { $0.bytes.append(contentsOf: packed) }
        bytes.removeAll(keepingCapacity: true)
    }

    /// Ends the list: from now on the file is there.
    func finish() throws {
        if let package {
            let packed = package.finish()
            try file.append { $0.bytes.append(contentsOf: packed) }
        }
        _ = try file.finish()
    }
}
