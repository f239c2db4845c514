import HTTPTypes

/// From when on the server knows nobody any more, and how each group call is answered then.
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
    let form: Form

    /// - Parameters:
    ///   - createCount: the creates that are stored before it; at least 0.
    ///   - form: the response that every group call gets then.
    package init(createCount: Int, form: Form) {
        self.createCount = createCount
        self.form = form
    }

    /// What a group call gets.
    func answer(in refusals: RefusalForm) -> Answer {
        switch form {
        case .redirect: Answer.redirect(.found)
        case .notFound: Answer.page(.notFound, title: "Not found")
        case .badRequest: refusals.answer(Refusal(.badRequest, "Session expired or invalid"))
        case .forbidden: Answer.page(.forbidden, title: "Access denied")
        case .page: Answer.page(.ok, title: "Sign in")
        }
    }
}
