package import RewardsClient

extension RunEnvironment {
    /// The same world for the client: the one place where the two are put together.
    package var client: ClientEnvironment {
        ClientEnvironment(
            now: { now }, epochMilliseconds: { epochMilliseconds }, wait: { duration in await wait(for: duration) },
            admitsRequest: { sendingLimit.admits { now } })
    }
}
