/// What a document says beside its records of a longer list, one page of which it is: `"hasMore": true`,
/// `"@odata.nextLink": "https://…"`, `<IsTruncated>true</IsTruncated>`, a total that is larger than what it holds.
///
/// Members are compared by the letters and digits of their names, in lower case.
package struct PageSigns: Sendable {
    /// A member, and its value as a text.
    package struct Sign: Sendable, Equatable {
        /// The member's name, with those of the objects around it that aren't on the records' path: `paging.next`.
        package var member: String
        /// Its value.
        package var value: String
    }

    /// What says that another page follows; nil where nothing does.
    package var next: Sign?
    /// How many records there are over all pages.
    private var total: (sign: Sign, count: Int64)?
    /// The same, where it is so only beside a page's size or place.
    private var vagueTotal: (sign: Sign, count: Int64)?
    /// How many pages there are.
    private var pages: (sign: Sign, count: Int64)?
    private var isPaged = false

    /// Nothing was said yet.
    init() {}

    /// Forgets what follows the document that has ended: another one stands behind it.
    mutating func beginDocument() { next = nil }

    /// What says that the list goes on beyond so many records and documents; nil where nothing does.
    package func sign(records: Int64, documents: Int) -> Sign? {
        if let next { return next }
        if let total, total.count > records { return total.sign }
        if isPaged, let vagueTotal, vagueTotal.count > records { return vagueTotal.sign }
        if let pages, pages.count > documents { return pages.sign }
        return nil
    }

    /// Whether members of an object of this name are looked at, too, though the records aren't there.
    static func isLookedInto(_ name: String) -> Bool {
        let name = folded(name)
        return containers.contains(name) || ["paging", "pagination", "page"].contains(where: name.hasPrefix)
    }

    /// Whether a member of this name, beside the records or in their objects, may say something.
    static func mayBe(_ name: String) -> Bool {
        let name = folded(name)
        return nextNames.contains(name) || trueNames.contains(name) || falseNames.contains(name)
            || totalNames.contains(name) || pagesNames.contains(name) || pageNames.contains(name)
            || ["next", "total", "link", "offset"].contains(name)
    }

    /// Notes a member and its value, as a text.
    ///
    /// - Parameter within: the names of the objects around the member that aren't on the path to the records.
    mutating func note(_ name: String, within: [String], _ value: String) {
        let key = Self.folded(name)
        let around = within.map(Self.folded)
        let sign = Sign(member: (within + [name]).joined(separator: "."), value: value)
        if Self.saysNext(key, around, value) { next = next ?? sign }
        guard let number = Int64(value) else { return }
        if Self.pageNames.contains(key) { isPaged = true }
        if Self.totalNames.contains(key) || key == "value" && around.last == "total" {
            total = (sign, number)
        } else if key == "total" {
            vagueTotal = (sign, number)
        } else if Self.pagesNames.contains(key) || key == "pages" && !around.isEmpty {
            pages = (sign, number)
        }
    }

    private static func saysNext(_ key: String, _ around: [String], _ value: String) -> Bool {
        let word = value.lowercased()
        let isNothing = value.utf8.span.isBlank || ["null", "none", "false", "0", "-1"].contains(word)
        if trueNames.contains(key) { return word == "true" }
        if falseNames.contains(key) { return word == "false" }
        if isNothing { return false }
        if nextNames.contains(key) || around.last == "lastevaluatedkey" { return true }
        switch key {
        // A place in the list by itself; elsewhere it may be anything.
        case "next": return !around.isEmpty || value.contains("/") || value.hasPrefix("?")
        case "rel", "relation": return word == "next" && around.contains { $0 == "links" || $0 == "link" }
        case "continue": return around.last == "metadata"
        // A number is where the page at hand begins.
        case "offset": return around.isEmpty && Int64(value) == nil
        default: return around.last == "next" && addresses.contains(key)
        }
    }

    /// The letters and digits of a name, in lower case.
    private static func folded(_ name: String) -> String {
        String(decoding: name.lowercased().utf8.filter { $0 >= 0x30 && $0 < 0x3A || $0 >= 0x61 }, as: UTF8.self)
    }

    /// Objects that hold what is said of a page.
    private static let containers: Set<String> = [
        "links", "link", "meta", "metadata", "responsemetadata", "next", "total", "info", "listinfo", "cursor",
        "cursors", "navigation",
        "lastevaluatedkey", "hits",
    ]
    /// Members that hold where the next page is, and nothing where there is none.
    private static let nextNames: Set<String> = [
        "nextlink", "odatanextlink", "nextpagetoken", "nextpagelink", "nextpageurl", "nextpageuri", "nextpage",
        "nextpagestart", "nextpagenumber", "nextpageid", "nextpagecursor", "nextcursor", "nexttoken", "nextmarker",
        "nextkey", "nextrecordsurl", "nextrecordsuri", "nexturl", "nexturi", "nexthref", "nextoffset", "nextstart",
        "nextcontinuationtoken", "continuationtoken", "nextbatch", "nextbatchid", "nextpartitionkey", "nextkeymarker",
    ]
    /// Members that are true where there is more.
    private static let trueNames: Set<String> = [
        "hasmore", "hasnext", "hasnextpage", "hasmorepages", "hasmoreitems", "hasmoreresults", "hasmoredata",
        "hasmorerecords", "morerecords", "moreresults", "moreitems", "moreavailable", "moredataavailable",
        "moreresultsavailable", "more", "istruncated", "truncated", "incompleteresults", "exceededtransferlimit",
    ]
    /// Members that are false where there is more.
    private static let falseNames: Set<String> = [
        "islast", "islastpage", "lastpage", "last", "endofrecords", "listcomplete", "isfinalpage",
    ]
    /// Members that count the records of all pages.
    private static let totalNames: Set<String> = [
        "totalelements", "totalcount", "totalresults", "totalrecords", "totalitems", "totalsize", "totalhits",
        "totalentries", "totalmatches", "totalnumber", "numfound", "recordstotal", "odatacount",
    ]
    /// Members that count pages.
    private static let pagesNames: Set<String> = [
        "totalpages", "pagecount", "numpages", "numberofpages", "lastpage", "totalpage", "pagestotal",
    ]
    /// Members that say how long a page is, or which one it is.
    private static let pageNames: Set<String> = [
        "limit", "offset", "page", "pagesize", "perpage", "size", "skip", "top", "start", "startat", "startindex",
        "maxresults", "itemsperpage", "resultsperpage", "pagenumber", "currentpage", "numberofelements", "from",
    ]
    /// Members of an object that stands for the next page.
    private static let addresses: Set<String> = [
        "href", "url", "uri", "link", "ref", "after", "cursor", "token", "offset", "page", "number", "start",
    ]
}
