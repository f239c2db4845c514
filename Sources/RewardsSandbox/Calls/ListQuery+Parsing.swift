import Foundation
import HTTPTypes

extension ListQuery {
    /// - Parameter query: what follows the `?`, percent-encoded; `+` stands for a blank. Unknown parameters are
    ///   ignored.
    /// - Throws: ``Refusal`` 400, naming the parameter.
    init(query: Substring, sizeMax: Int) throws(Refusal) {
        self.init()
        for pair in query.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = String(parts[0])
            let encoded = parts.count > 1 ? parts[1].replacing("+", with: "%20") : ""
            guard let value = String(encoded).removingPercentEncoding else { throw Self.bad(name) }
            try set(name, to: value, sizeMax: sizeMax)
        }
        let (offset, isTooFar) = page.multipliedReportingOverflow(by: size)
        if isTooFar { throw Self.bad("page") }
        self.offset = offset
    }

    private mutating func set(_ name: String, to value: String, sizeMax: Int) throws(Refusal) {
        switch name {
        case "page":
            guard let page = Int(value), page >= 0 else { throw Self.bad(name) }
            self.page = page
        case "size":
            guard let size = Int(value), size >= 1 else { throw Self.bad(name) }
            self.size = min(size, sizeMax)
        case "active":
            guard let isActive = Bool(value.lowercased()) else { throw Self.bad(name) }
            self.isActive = isActive
        case "name":
            self.name = value.isEmpty ? nil : value
        case "orderBy":
            try order(value, parameter: name)
        case "sortBy" where ["ASC", "DESC"].contains(value.uppercased()):
            try order(value, parameter: name)
        case "sortBy", "sortOn":
            switch value.uppercased() {
            case "RANK": sort = .rank
            case "LAST_UPDATED_ON": sort = .lastUpdatedOn
            default: throw Self.bad(name)
            }
        default: break
        }
    }

    private mutating func order(_ value: String, parameter: String) throws(Refusal) {
        switch value.uppercased() {
        case "ASC": isDescending = false
        case "DESC": isDescending = true
        default: throw Self.bad(parameter)
        }
    }

    private static func bad(_ parameter: String) -> Refusal {
        Refusal(.badRequest, "Query parameter \(parameter.prefix(40)) has a value that is not accepted")
    }
}
