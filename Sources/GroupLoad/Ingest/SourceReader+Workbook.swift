import RecordFormats

extension SourceReader {
    /// The form of a workbook that a source is; nil for other sources, and for XML that the user wants read as such.
    func workbookForm(_ kind: FileKind, _ source: InputSource) -> WorkbookForm? {
        switch kind {
        case .xlsx: .xlsx
        case .ods: .ods
        case .flatODS: source.format == .xml ? nil : .flatODS
        case .excelXML: source.format == .xml ? nil : .excelXML
        default: nil
        }
    }

    /// Opens a workbook, which is read at any offset: one that comes through a pipe, or compressed, is put into a
    /// temporary file first.
    ///
    /// - Parameter head: the first bytes, which have been read.
    /// - Returns: its decoder; nil where a stop was asked for.
    /// - Throws: ``RunError`` or `DecodingFailure`.
    func open(
        _ form: WorkbookForm, _ source: InputSource, _ bytes: inout SourceBytes, head: [UInt8]
    ) async throws -> WorkbookDecoder? {
        if !bytes.isReadableAtAnyOffset {
            note("\(source.shownName): it is put into a temporary file, because a workbook can't be read front to back")
        }
        guard let file = try await bytes.readToEnd(head: head) else { return nil }
        return try WorkbookDecoder(file.bytes, form: form, options: options)
    }
}
