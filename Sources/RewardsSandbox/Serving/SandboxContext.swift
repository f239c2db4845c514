package import Hummingbird
import NIOCore

/// A request's context, with the connection that it came by.
package struct SandboxContext: RequestContext {
    /// What Hummingbird keeps of each request.
    package var coreContext: CoreRequestContextStorage
    let channel: any Channel

    /// The context of a request that came by a channel.
    package init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
    }
}
