#include "build.h"

#ifndef GROUPLOAD_COMMIT
#define GROUPLOAD_COMMIT unknown
#endif
#ifndef GROUPLOAD_BORINGSSL
#define GROUPLOAD_BORINGSSL unknown
#endif
#define TEXT_OF(value) #value
#define TEXT(macro) TEXT_OF(macro)

const char *buildCommit(void) { return TEXT(GROUPLOAD_COMMIT); }

const char *buildBoringSSL(void) { return TEXT(GROUPLOAD_BORINGSSL); }

const char *buildCompiler(void) { return __VERSION__; }
