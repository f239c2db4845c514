import Hummingbird

extension CallHandler {
    /// Every group as NDJSON, read in pages as the client takes them.
    func stored() -> Response {
        let reader = self.reader
        let pageSize = 1_000
        let body = ResponseBody { writer in
            var last: Int64 = 0
            while true {
                let groups = try await reader.groups(after: last, countMax: pageSize)
                guard let final = groups.last else { break }
                last = final.id
                var text = JSONText(capacity: 128 * groups.count)
                for group in groups {
                    text.beginObject()
                    text.member("id", group.id)
                    text.member("name", group.name)
                    if let rank = group.rank { text.member("rank", rank) } else { text.nullMember("rank") }
                    text.member("isActive", group.isActive)
                    text.member("createdOn", group.createdOn)
                    text.member("sent", group.sent)
                    text.member("by", group.createdBy)
                    switch group.origin {
                    case .create: break
                    case .foreign: text.member("foreign", true)
                    case .foreignAfter: text.member("foreignAfter", true)
                    }
                    text.endObject()
                    text.endLine()
                }
                try await writer.write(text.buffer)
                if groups.count < pageSize { break }
            }
            try await writer.finish(nil)
        }
        return Response(status: .ok, headers: [.contentType: "application/x-ndjson"], body: body)
    }
}
