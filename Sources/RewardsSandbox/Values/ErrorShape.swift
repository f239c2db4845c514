/// Where an error's code and message stand; the API page leaves it open.
package enum ErrorShape: String, Sendable, CaseIterable {
    /// `{"status":{"success":false,"code":…,"message":…}}`
    case status
    /// `{"code":…,"message":…}`
    case flat
    /// `{"errors":[{"code":…,"message":…}]}`
    case list
}
