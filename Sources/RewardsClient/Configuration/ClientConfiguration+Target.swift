extension ClientConfiguration {
    /// A target as people write it, in the form `scheme://host[:port]`.
    ///
    /// A host without a scheme is one of https, or of http where it is this machine. A final slash is dropped, and so
    /// is the API's path, with or without `/group` behind it. Anything else stays, for the initialiser to judge.
    package static func plainTarget(_ text: String, apiPrefix: String = apiPrefixDefault) -> String {
        let bare = text.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed()
        var target = String(bare)
        if !target.contains("://") {
            let authority = target.prefix { $0 != "/" }
            guard !authority.isEmpty, !authority.contains("@") else { return text }
            let isAddress = authority.hasPrefix("[")
            let host = isAddress ? authority.prefix { $0 != "]" } + "]" : authority.prefix { $0 != ":" }
            target = (isLoopback(String(host)) ? "http://" : "https://") + target
        }
        guard let scheme = target.firstRange(of: "://"),
            let slash = target[scheme.upperBound...].firstIndex(of: "/")
        else { return target }
        let path = unslashed(target[slash...])
        let prefix = unslashed(apiPrefix[...])
        return path.isEmpty || path == prefix || path == prefix + "/group" ? String(target[..<slash]) : target
    }

    /// A path without slashes at its end.
    private static func unslashed(_ path: Substring) -> String {
        String(path.reversed().drop { $0 == "/" }.reversed())
    }
}
