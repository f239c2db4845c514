/// The vendor's clusters by short name (reward-groups API, "Hosts and paths").
package enum Cluster: String, CaseIterable, Sendable {
    case eu, apac, apac2, us, cn

    /// The cluster's API address, as `ClientConfiguration.target` takes it.
    package var target: String {
        switch self {
        case .eu: "https://eu.api.capillarytech.com"
        case .apac: "https://apac.api.capillarytech.com"
        case .apac2: "https://apac2.api.capillarytech.com"
        case .us: "https://us.api.capillarytech.com"
        case .cn: "https://api.capillarytech.cn.com"
        }
    }
}
