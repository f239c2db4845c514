#pragma once
// What this program was built from and by, as text that ends with NUL and stays.

/// The commit, as the variable GROUPLOAD_COMMIT of the build's environment had it; "unknown" without one.
const char *_Nonnull buildCommit(void);

/// The revision of BoringSSL, as GROUPLOAD_BORINGSSL had it; "unknown" without one. The library itself doesn't say.
const char *_Nonnull buildBoringSSL(void);

/// The version of the C compiler, which comes with Swift's.
const char *_Nonnull buildCompiler(void);
