extension RewardsClient {
    /// Whether requests carry a token, which may be renewed.
    package var hasToken: Bool { if case .oauth = authorizer { true } else { false } }
}
