import HTTPTypes

/// After how many creates the server accepts no session any more, and the response to each group call then.
package struct SessionLoss: Sendable {
    /// The response that every group call gets.
    package enum Form: String, Sendable, CaseIterable {
        /// 302 to a page that asks who it is.
        case redirect
        /// 404 with a web page.
        case notFound = "404"
        /// 400 with an error that is no group's.
        case badRequest = "400"
        /// 403 with a web page.
        case forbidden = "403"
        /// 200 with a web page that asks who it is.
        case page
    }

    /// The creates that are stored before it.
    let createCount: Int
    /// The response that every group call gets then.
    let form: Form

    /// A loss of the session.
    /// - Parameters:
    ///   - createCount: the creates that are stored before it; at least 0.
    ///   - form: the response that every group call gets then.
    package init(createCount: Int, form: Form) {
        self.createCount = createCount
        self.form = form
    }

    /// What a group call gets.
    func response(in refusals: RefusalForm) -> BufferedResponse {
        switch form {
        case .redirect: BufferedResponse.redirect(.found)
        case .notFound: BufferedResponse.page(.notFound, title: "Not found")
        case .badRequest: refusals.response(Refusal(.badRequest, "Session expired or invalid"))
        case .forbidden: BufferedResponse.page(.forbidden, title: "Access denied")
        case .page: BufferedResponse.page(.ok, title: "Sign in")
        }
    }
}
