/// The merged cells of a sheet that go over several rows (ECMA-376-1, 18.3.1.55).
///
/// To its maintainers: a part names them behind its rows, so that it is inflated once before, and looked through for
/// them alone. What is wrong with it is said where its rows are read.
struct XLSXMergedCells {
    /// Areas, and bytes that name them, that are heeded; in no list are there more.
    private static let areasMax = 1 << 18, bytesMax = 16 << 20
    private static let element: StaticString = "mergeCell ", attribute: StaticString = "ref="

    private var found: [Int64: [CellSpan]] = [:]

    /// None.
    init() {}

    /// Finds them in a sheet's part.
    init(_ entry: ZipEntry, of archive: ZipArchive) {
        do throws(DecodingFailure) {
            let reader = try archive.reader(of: entry, bytesMax: nil)
            var bytes: [UInt8] = []
            var isFound = false
            while bytes.count <= Self.bytesMax, let chunk = try reader.next() {
                bytes += chunk
                if isFound { continue }
                let start = bytes.span.firstIndex(of: Self.element, from: 0)
                isFound = start != nil
                bytes.removeFirst(start ?? max(0, bytes.count - Self.element.utf8CodeUnitCount))
            }
            if isFound { read(bytes.span) }
        } catch {}
    }

    /// Whether there are none.
    var isEmpty: Bool { found.isEmpty }

    /// Those that begin in a row.
    func spans(from row: Int64) -> [CellSpan] { found[row] ?? [] }

    private mutating func read(_ bytes: Span<UInt8>) {
        var (index, count) = (0, 0)
        while count < Self.areasMax, let element = bytes.firstIndex(of: Self.element, from: index),
            let attribute = bytes.firstIndex(of: Self.attribute, from: element)
        {
            count += 1
            index = attribute + Self.attribute.utf8CodeUnitCount
            guard index < bytes.count, let end = bytes.firstIndex(of: bytes[index], from: index + 1) else { return }
            add(bytes.extracting(index + 1..<end))
            index = end
        }
    }

    /// Adds an area: `B2:B4`.
    private mutating func add(_ area: Span<UInt8>) {
        guard let colon = area.firstIndex(of: UInt8(ascii: ":"), from: 0) else { return }
        let (column, first) = XLSXSheetRows.reference(area.extracting(0..<colon))
        let (_, last) = XLSXSheetRows.reference(area.extracting(colon + 1..<area.count))
        guard column >= 0, let first, let last, last > first else { return }
        found[first, default: []].append(CellSpan(column: column, rows: last - first + 1))
    }
}
