internal import CPQ
internal import CScan
internal import CZlib
internal import CZstd
internal import GRDBSQLite
internal import RecordFormats

/// A part of this program, and its version: what it was built from and by, and the libraries as they are loaded.
package struct BuildVersion: Sendable {
    /// The part, for example `SQLite`.
    package let name: String
    /// Its version, for example `3.40.1`; `unknown` where nothing says.
    package let version: String

    /// All parts.
    ///
    /// Safe, each that says `unsafe`: the text is a constant of its library, ends with NUL, and is copied at once.
    package static var all: [BuildVersion] {
        let libpq = PQlibVersion()
        return [
            Self(name: "commit", version: unsafe String(cString: buildCommit())),
            Self(name: "compiler", version: "Swift \(swift), \(unsafe String(cString: buildCompiler()))"),
            Self(name: "libxml2", version: XMLLibrary.version),
            Self(name: "SQLite", version: unsafe String(cString: sqlite3_libversion())),
            Self(name: "zlib", version: unsafe String(cString: zlibVersion())),
            Self(name: "zstd", version: unsafe String(cString: ZSTD_versionString())),
            Self(name: "BoringSSL", version: unsafe String(cString: buildBoringSSL())),
            Self(name: "libpq", version: "\(libpq / 10_000).\(libpq % 10_000)"),
        ]
    }

    private static var swift: String {
        #if compiler(>=6.4)
            "6.4 or later"
        #elseif compiler(>=6.3)
            "6.3"
        #else
            "6.2"
        #endif
    }
}
