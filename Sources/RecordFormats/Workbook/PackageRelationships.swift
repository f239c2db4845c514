/// What a part of an Office Open XML package refers to (ECMA-376-2, 6.5).
struct PackageRelationships {
    /// A relationship to another part.
    struct Relationship {
        let id: String
        /// The last part of its type's URI, which the strict and the transitional form have alike: `worksheet`.
        let type: String
        /// The path of the part inside the package, without a slash before it.
        let path: String
    }

    private static let bytesMax = 4 << 20
    private(set) var all: [Relationship] = []

    /// Reads the relationships of `part`; none where the package has no file of them.
    /// - Parameter part: a part's path; empty for the package itself.
    init(of part: String, in archive: ZipArchive) throws(DecodingFailure) {
        let folder = part.lastIndex(of: "/").map { part[..<part.index(after: $0)] } ?? ""
        let name = part.dropFirst(folder.count)
        guard let entry = archive.entry("\(folder)_rels/\(name).rels") else { return }
        let text = try XMLPart(entry, of: archive, bytesMax: ZipLimits.listBytesMax)
        var page = XMLPage()
        var (id, type, target, isExternal) = ("", "", "", false)
        while try text.read(into: &page) {
            for event in page.events {
                switch (event.kind, event.name) {
                case (.start, .relationship): (id, type, target, isExternal) = ("", "", "", false)
                case (.attribute, .idUpper): id = page.string(event.slice)
                case (.attribute, .type): type = page.string(event.slice)
                case (.attribute, .target): target = page.string(event.slice)
                case (.attribute, .targetMode): isExternal = page.isEqual(event.slice, "External")
                case (.end, .relationship):
                    guard !isExternal, all.count < 10_000 else { continue }
                    let last = type.split(separator: "/").last.map(String.init) ?? ""
                    all.append(Relationship(id: id, type: last, path: Self.resolve(target, in: folder)))
                default: break
                }
            }
        }
    }

    /// The first of a type.
    func first(_ type: String) -> Relationship? { all.first { $0.type == type } }

    /// The path that a target leads to from a folder, which ends with a slash or is empty.
    private static func resolve(_ target: String, in folder: Substring) -> String {
        // Writers of old separate by a backslash.
        let isFromRoot = target.hasPrefix("/") || target.hasPrefix("\\")
        let whole = isFromRoot ? target : folder + target
        var parts: [Substring] = []
        for part in whole.split(whereSeparator: { $0 == "/" || $0 == "\\" }) where part != "." {
            if part == ".." { _ = parts.popLast() } else { parts.append(part) }
        }
        return parts.joined(separator: "/")
    }
}
