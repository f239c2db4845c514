#pragma once
// Debian builds libxml2 with ICU, whose headers clash with the ICU that Foundation carries. Without them only the
// private tail of xmlCharEncodingHandler is missing, which is never used by value here.
#include <libxml/xmlversion.h>
#undef LIBXML_ICU_ENABLED
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/SAX2.h>
#include <libxml/xmlerror.h>

/// The library's version as it is loaded, as 20914. Its own variable is none that Swift takes for constant.
static inline const char *_Nullable xmlLoadedVersion(void) { return xmlParserVersion; }
