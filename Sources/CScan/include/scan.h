#pragma once
// What Swift has no words for: comparing 64 bytes at once into a mask of bits, and telling the memory what comes next.
#include <stdbool.h>
#include <stdint.h>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

/// One bit, from the lowest on, for each of the 64 bytes at `bytes` that is `wanted`.
static inline uint64_t scanMatches(const uint8_t *_Nonnull bytes, uint8_t wanted) {
#if defined(__SSE2__)
    const __m128i pattern = _mm_set1_epi8((char)wanted);
    uint64_t mask = 0;
    for (int part = 0; part < 4; part++) {
        const __m128i block = _mm_loadu_si128((const __m128i *)(bytes + part * 16));
        mask |= (uint64_t)(uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(block, pattern)) << (part * 16);
    }
    return mask;
#else
    uint64_t mask = 0;
    for (int index = 0; index < 64; index++) mask |= (uint64_t)(bytes[index] == wanted) << index;
    return mask;
#endif
}

/// What `scanUTF8` finds: one bit for each byte, from the lowest on.
struct ScannedUTF8 {
    /// The bytes that continue a sequence.
    uint64_t continuing;
    /// Those, and the bytes C0 and C1.
    uint64_t belowC2;
    /// The bytes from E0 on, and ASCII.
    uint64_t fromE0;
    /// The bytes from F0 on, and ASCII.
    uint64_t fromF0;
    /// The bytes behind which not every byte that continues a sequence may stand, and some of ASCII.
    uint64_t particular;
    /// The bytes that are not ASCII.
    uint64_t highs;
};

/// Looks at the 64 bytes at `bytes`.
static inline struct ScannedUTF8 scanUTF8(const uint8_t *_Nonnull bytes) {
    struct ScannedUTF8 found = {0, 0, 0, 0, 0, 0};
#if defined(__SSE2__)
    for (int place = 0; place < 64; place += 16) {
        // As signed numbers, the bytes from 0x80 on are below the others and in the same order.
        const __m128i block = _mm_loadu_si128((const __m128i *)(bytes + place));
        const __m128i e0OrED = _mm_or_si128(_mm_cmpeq_epi8(block, _mm_set1_epi8((char)0xE0)),
                                            _mm_cmpeq_epi8(block, _mm_set1_epi8((char)0xED)));
        const __m128i f0 = _mm_cmpeq_epi8(block, _mm_set1_epi8((char)0xF0));
        const __m128i fromF4 = _mm_cmpgt_epi8(block, _mm_set1_epi8((char)0xF3));
        const __m128i second = _mm_or_si128(_mm_or_si128(e0OrED, f0), fromF4);
        const __m128i third = _mm_cmpgt_epi8(block, _mm_set1_epi8((char)0xDF));
        const __m128i fourth = _mm_cmpgt_epi8(block, _mm_set1_epi8((char)0xEF));
        const __m128i continuing = _mm_cmplt_epi8(block, _mm_set1_epi8((char)0xC0));
        found.continuing |= (uint64_t)(uint32_t)_mm_movemask_epi8(continuing) << place;
        found.belowC2 |= (uint64_t)(uint32_t)_mm_movemask_epi8(_mm_cmplt_epi8(block, _mm_set1_epi8((char)0xC2)))
                         << place;
        found.fromE0 |= (uint64_t)(uint32_t)_mm_movemask_epi8(third) << place;
        found.fromF0 |= (uint64_t)(uint32_t)_mm_movemask_epi8(fourth) << place;
        found.particular |= (uint64_t)(uint32_t)_mm_movemask_epi8(second) << place;
        found.highs |= (uint64_t)(uint32_t)_mm_movemask_epi8(block) << place;
    }
#else
    for (int place = 0; place < 64; place++) {
        const uint8_t byte = bytes[place];
        const bool isParticular = byte == 0xE0 || byte == 0xED || byte == 0xF0 || byte > 0xF3;
        found.continuing |= (uint64_t)(byte >= 0x80 && byte < 0xC0) << place;
        found.belowC2 |= (uint64_t)(byte >= 0x80 && byte < 0xC2) << place;
        found.fromE0 |= (uint64_t)(byte >= 0xE0) << place;
        found.fromF0 |= (uint64_t)(byte >= 0xF0) << place;
        found.particular |= (uint64_t)isParticular << place;
        found.highs |= (uint64_t)(byte >> 7) << place;
    }
#endif
    return found;
}

/// One bit for each of the `counted` bytes that doesn't stand where UTF-8 has it (Unicode 16, table 3-7), for each that
/// begins a sequence of which not every second byte is one, and for each behind them that a sequence of theirs lacks:
/// where there is no bit, all is UTF-8. What bytes before them begin isn't known, and what those begin that are the
/// last of 64.
static inline uint64_t scanFaultsOfUTF8(struct ScannedUTF8 text, uint64_t counted) {
    const uint64_t continuing = text.continuing & counted, highs = text.highs & counted, leads = highs & ~continuing;
    const uint64_t expected = leads << 1 | (text.fromE0 & highs) << 2 | (text.fromF0 & highs) << 3;
    return (continuing ^ expected) | (text.belowC2 & leads) | (text.particular & highs);
}

/// One bit for each of the 16 tags at `tags`: in the lower half of the result for those that are `wanted`, in the
/// upper half for those that are 0.
static inline uint32_t scanTags(const uint32_t *_Nonnull tags, uint32_t wanted) {
#if defined(__SSE2__)
    const __m128i pattern = _mm_set1_epi32((int)wanted), zero = _mm_setzero_si128();
    const __m128i *blocks = (const __m128i *)tags;
    const __m128i a = _mm_loadu_si128(blocks), b = _mm_loadu_si128(blocks + 1);
    const __m128i c = _mm_loadu_si128(blocks + 2), d = _mm_loadu_si128(blocks + 3);
    const __m128i equal = _mm_packs_epi16(_mm_packs_epi32(_mm_cmpeq_epi32(a, pattern), _mm_cmpeq_epi32(b, pattern)),
                                          _mm_packs_epi32(_mm_cmpeq_epi32(c, pattern), _mm_cmpeq_epi32(d, pattern)));
    const __m128i none = _mm_packs_epi16(_mm_packs_epi32(_mm_cmpeq_epi32(a, zero), _mm_cmpeq_epi32(b, zero)),
                                         _mm_packs_epi32(_mm_cmpeq_epi32(c, zero), _mm_cmpeq_epi32(d, zero)));
    return (uint32_t)_mm_movemask_epi8(equal) | (uint32_t)_mm_movemask_epi8(none) << 16;
#else
    uint32_t masks = 0;
    for (int index = 0; index < 16; index++)
        masks |= (uint32_t)(tags[index] == wanted) << index | (uint32_t)(tags[index] == 0) << (index + 16);
    return masks;
#endif
}

/// Brings the cache line at `address` nearer; it is going to be written.
static inline void scanPrefetch(const void *_Nonnull address) { __builtin_prefetch(address, 1); }
