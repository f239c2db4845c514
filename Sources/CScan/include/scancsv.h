#pragma once
// What reading and writing CSV need to know of many bytes at once.
#include <stdbool.h>
#include <stdint.h>
#if defined(__SSE2__)
#include <emmintrin.h>

/// Of 16 bytes, those that are a comma, a quote, CR or LF.
static inline __attribute__((always_inline)) __m128i scanSeparators(__m128i bytes) {
    const __m128i commas = _mm_cmpeq_epi8(bytes, _mm_set1_epi8(','));
    const __m128i quotes = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('"'));
    const __m128i feeds = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\n'));
    const __m128i ends = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\r'));
    return _mm_or_si128(_mm_or_si128(commas, quotes), _mm_or_si128(feeds, ends));
}
#endif

/// Whether a comma, a quote, CR or LF is among the `count` bytes at `bytes`.
static inline __attribute__((always_inline)) bool scanHasSeparator(const uint8_t *_Nonnull bytes, long count) {
#if defined(__SSE2__)
    // The last bytes are looked at twice where the count isn't a multiple.
    if (count >= 16) {
        __m128i found = scanSeparators(_mm_loadu_si128((const __m128i *)(bytes + count - 16)));
        for (long place = 0; place + 16 < count; place += 16)
            found = _mm_or_si128(found, scanSeparators(_mm_loadu_si128((const __m128i *)(bytes + place))));
        return _mm_movemask_epi8(found) != 0;
    }
    if (count >= 8) {
        const __m128i first = _mm_loadl_epi64((const __m128i *)bytes);
        const __m128i last = _mm_loadl_epi64((const __m128i *)(bytes + count - 8));
        return _mm_movemask_epi8(scanSeparators(_mm_unpacklo_epi64(first, last))) != 0;
    }
#endif
    for (long place = 0; place < count; place++) {
        const uint8_t byte = bytes[place];
        if (byte == ',' || byte == '"' || byte == '\n' || byte == '\r') return true;
    }
    return false;
}

/// What `scanRows` finds: one bit for each byte, from the lowest on.
struct ScannedRows {
    /// The bytes that separate fields.
    uint64_t delimiters;
    /// The bytes that are LF.
    uint64_t feeds;
    /// The bytes that are CR.
    uint64_t returns;
    /// The bytes that are quotes.
    uint64_t quotes;
    /// The bytes that are not ASCII.
    uint64_t highs;
};

/// Looks at the 64 bytes at `bytes`.
static inline __attribute__((always_inline)) struct ScannedRows scanRows(const uint8_t *_Nonnull bytes,
                                                                         uint8_t delimiter) {
    struct ScannedRows found = {0, 0, 0, 0, 0};
#if defined(__SSE2__)
    for (int place = 0; place < 64; place += 16) {
        const __m128i block = _mm_loadu_si128((const __m128i *)(bytes + place));
        const __m128i quotes = _mm_cmpeq_epi8(block, _mm_set1_epi8('"'));
        const __m128i returns = _mm_cmpeq_epi8(block, _mm_set1_epi8('\r'));
        const __m128i delimiters = _mm_cmpeq_epi8(block, _mm_set1_epi8((char)delimiter));
        const __m128i feeds = _mm_cmpeq_epi8(block, _mm_set1_epi8('\n'));
        found.delimiters |= (uint64_t)(uint32_t)_mm_movemask_epi8(delimiters) << place;
        found.feeds |= (uint64_t)(uint32_t)_mm_movemask_epi8(feeds) << place;
        found.returns |= (uint64_t)(uint32_t)_mm_movemask_epi8(returns) << place;
        found.quotes |= (uint64_t)(uint32_t)_mm_movemask_epi8(quotes) << place;
        found.highs |= (uint64_t)(uint32_t)_mm_movemask_epi8(block) << place;
    }
#else
    for (int place = 0; place < 64; place++) {
        found.delimiters |= (uint64_t)(bytes[place] == delimiter) << place;
        found.feeds |= (uint64_t)(bytes[place] == '\n') << place;
        found.returns |= (uint64_t)(bytes[place] == '\r') << place;
        found.quotes |= (uint64_t)(bytes[place] == '"') << place;
        found.highs |= (uint64_t)(bytes[place] >> 7) << place;
    }
#endif
    return found;
}
