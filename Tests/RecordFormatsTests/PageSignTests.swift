import RecordFormats
import Testing

/// What JSON and XML say of a longer list, one page of which they are, beside their records.
@Suite struct PageSignTests {
    /// What a text says, read in chunks of several sizes: `paging.next=…`; nil for nothing.
    private func sign(_ text: String, _ format: RecordFormat, at path: [String]?) throws -> String? {
        var found: Set<String?> = []
        for size in [1, 2, 7, 65_536] {
            let stream = try RecordStream(format: format, options: .with(recordsPath: path))
            var batch = RecordBatch()
            var rest = Array(text.utf8)[...]
            while !rest.isEmpty {
                try stream.push(Array(rest.prefix(size)), into: &batch)
                rest = rest.dropFirst(size)
            }
            try stream.finish(into: &batch)
            let sign = stream.pageSigns?.sign(records: stream.recordsRead, documents: stream.documentsRead)
            found.insert(sign.map { "\($0.member)=\($0.value)" })
        }
        #expect(found.count == 1, "\(found)")
        return found.first ?? nil
    }

    private static let one = #"[{"name":"Gold"}]"#

    @Test(
        "JSON: members beside the records say that more follows",
        arguments: [
            // OData 4 and 2, Google, Slack, Salesforce, IAM, ORDS, Okta's and Django's pages.
            (#"{"@odata.nextLink":"https://x?$skip=2","value":%}"#, "@odata.nextLink=https://x?$skip=2"),
            (#"{"items":%,"nextPageToken":"CAU"}"#, "nextPageToken=CAU"),
            (#"{"items":%,"next_page_token":"C\u0041U"}"#, "next_page_token=CAU"),
            (#"{"ok":true,"items":%,"response_metadata":{"next_cursor":"d=="}}"#, "response_metadata.next_cursor=d=="),
            (
                #"{"totalSize":3,"done":false,"nextRecordsUrl":"/services/q/01-2","records":%}"#,
                "nextRecordsUrl=/services/q/01-2"
            ),
            (#"{"Groups":%,"IsTruncated":true,"Marker":"z"}"#, "IsTruncated=true"),
            (#"{"items":%,"hasMore":true,"limit":1,"links":[{"rel":"self"}]}"#, "hasMore=true"),
            (#"{"items":%,"has_more" : true}"#, "has_more=true"),
            (#"{"items":%,"links":[{"rel":"self","href":"a"},{"rel":"next","href":"b"}]}"#, "links.rel=next"),
            (#"{"count":9,"next":"https://x/?page=2","previous":null,"results":%}"#, "next=https://x/?page=2"),
            (#"{"data":%,"links":{"self":"/a","next":"/b"}}"#, "links.next=/b"),
            (#"{"data":%,"links":{"next":{"href":"/b","meta":{"n":1}}}}"#, "links.next.href=/b"),
            (#"{"results":%,"paging":{"next":{"after":"NTI"}}}"#, "paging.next.after=NTI"),
            (#"{"data":%,"meta":{"pagination":{"next":"t"}}}"#, "meta.pagination.next=t"),
            (#"{"Items":%,"LastEvaluatedKey":{"id":"a"}}"#, "LastEvaluatedKey.id=a"),
            (#"{"items":%,"metadata":{"continue":"t"}}"#, "metadata.continue=t"),
            (#"{"records":%,"offset":"itrX/recY"}"#, "offset=itrX/recY"),
            (#"{"content":%,"last":false}"#, "last=false"),
            // The rewards API's own list.
            (
                #"{"status":{"code":12013},"groupRoList":%,"pagingDto":{"last":false,"totalElements":3,"number":0}}"#,
                "pagingDto.last=false"
            ),
            (#"{"groupRoList":%,"pagingDto":{"totalElements":3,"totalPages":3}}"#, "pagingDto.totalElements=3"),
            (#"{"values":%,"isLastPage":false}"#, "isLastPage=false"),
            // Totals that are more than there is: Spring, Solr's like, Laravel.
            (#"{"content":%,"totalElements":57}"#, "totalElements=57"),
            (#"{"items":%,"total":2,"limit":1}"#, "total=2"),
            (#"{"items":%,"page":1,"total_pages":2}"#, "total_pages=2"),
            (#"{"data":%,"meta":{"last_page":3,"total":1}}"#, "meta.last_page=3"),
            // The last of several documents counts.
            (#"{"items":%,"hasMore":false}{"items":%,"hasMore":true}"#, "hasMore=true"),
            (#"{"items":%,"total":3,"size":1}{"items":%,"total":3,"size":1}"#, "total=3"),
        ])
    func isPage(text: String, sign: String) throws {
        #expect(try self.sign(text.replacing("%", with: Self.one), .json, at: nil) == sign)
    }

    @Test(
        "JSON: a list that is whole says so, or nothing",
        arguments: [
            #"%"#, #"{"value":%}"#, #"{"value":%,"@odata.nextLink":null}"#, #"{"items":%,"nextPageToken":""}"#,
            #"{"items":%,"hasMore":false,"next":null,"links":{"next":null,"self":"/a"}}"#,
            #"{"groupRoList":%,"pagingDto":{"last":true,"totalElements":1,"totalPages":1,"size":10,"number":0}}"#,
            #"{"items":%,"IsTruncated":false,"total":1,"limit":100}"#, #"{"content":%,"totalElements":1,"last":true}"#,
            // A total without a page is a sum of something else, and a number is where the page begins.
            #"{"items":%,"total":1000}"#, #"{"items":%,"offset":0,"next":"Friday"}"#,
            #"{"items":%,"user":{"hasMore":true,"next":"/b"}}"#, #"{"items":%,"tags":["next"],"l":[["hasMore",true]]}"#,
            #"{"items":[{"name":"Gold","hasMore":true,"next":"/b"}]}"#,
            #"{"items":%,"hasMore":true}{"items":%,"hasMore":false}"#, #"{"items":%,"total":2,"size":1}{"items":%}"#,
            #"{"name":"Gold","hasMore":true}"#,
        ])
    func isWhole(text: String) throws {
        #expect(try sign(text.replacing("%", with: Self.one), .json, at: nil) == nil)
    }

    @Test(
        "JSON: on the path to the records, and beside them",
        arguments: [
            (#"{"d":{"results":%,"__next":"https://x?$skip=2"}}"#, "d.results", "__next=https://x?$skip=2"),
            (
                #"{"_embedded":{"groups":%},"_links":{"next":{"href":"/b"}}}"#, "_embedded.groups",
                "_links.next.href=/b"
            ),
            (
                #"{"data":{"g":{"pageInfo":{"hasNextPage":true},"edges":%}}}"#, "data.g.edges",
                "pageInfo.hasNextPage=true"
            ),
            (#"{"hits":{"total":{"value":12},"hits":%}}"#, "hits.hits", "total.value=12"),
            (#"{"a":{"hasMore":true},"b":%}"#, "b", nil),
        ])
    func onPath(text: String, path: String, sign: String?) throws {
        let path = path.split(separator: ".").map(String.init)
        #expect(try self.sign(text.replacing("%", with: Self.one), .json, at: path) == sign)
    }

    @Test(
        "XML: elements beside the records, attributes around them, and links",
        arguments: [
            ("<L><IsTruncated>true</IsTruncated>%</L>", "L/g", "IsTruncated=true"),
            ("<L>%<IsTruncated>true</IsTruncated><Name>b</Name></L>", nil, "IsTruncated=true"),
            ("<L><IsTruncated>false</IsTruncated>%</L>", "L/g", nil),
            ("<a><r><l>%</l><NextToken>t</NextToken></r></a>", "a/r/l/g", "NextToken=t"),
            ("<f><link rel=\"self\" href=\"/a\"/><link rel=\"next\" href=\"/b\"/>%</f>", "f/g", "link.rel=next"),
            ("<p>%<paging><next>/b</next></paging></p>", "p/g", "paging.next=/b"),
            ("<p page=\"1\" perpage=\"1\" total=\"2\">%</p>", nil, "total=2"),
            ("<p page=\"1\" perpage=\"1\" total=\"1\">%</p>", nil, nil),
            ("<p><link><name>a</name><next>/b</next></link></p>", nil, nil),
        ])
    func xml(text: String, path: String?, sign: String?) throws {
        let text = text.replacing("%", with: "<g><name>Gold</name><more>true</more></g>")
        let path = path?.split(separator: "/").map(String.init)
        #expect(try self.sign(text, .xml, at: path) == sign)
    }
}
