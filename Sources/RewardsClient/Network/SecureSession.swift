internal import NIOCore
internal import NIOSSL

/// What both sides of a connection agreed upon in a TLS handshake.
package struct SecureSession: Sendable {
    /// For example `TLS 1.3`.
    package let version: String
    /// When the server's certificate is valid; nil where it showed none.
    package let certificate: CertificateDates?

    /// Of a connection whose handshake is over.
    ///
    /// - Throws: where it has no TLS.
    init(_ pipeline: ChannelPipeline.SynchronousOperations) throws {
        version =
            switch try pipeline.nioSSL_tlsVersion() {
            case .tlsv1: "TLS 1.0"
            case .tlsv11: "TLS 1.1"
            case .tlsv12: "TLS 1.2"
            case .tlsv13: "TLS 1.3"
            case nil: "TLS"
            }
        certificate = try CertificateDates(pipeline)
    }
}

/// The period in which a certificate is valid, in epoch seconds.
package struct CertificateDates: Sendable {
    /// Its first second.
    package let from: Int64
    /// Its last second.
    package let until: Int64

    /// Of the certificate that the server has shown; nil where it has shown none.
    ///
    /// - Throws: where the connection has no TLS.
    init?(_ pipeline: ChannelPipeline.SynchronousOperations) throws {
        guard let certificate = try pipeline.nioSSL_peerCertificate() else { return nil }
        from = Int64(certificate.notValidBefore)
        until = Int64(certificate.notValidAfter)
    }
}
