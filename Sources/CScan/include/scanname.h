#pragma once
// What checking a name needs to know of all its bytes at once.
#include <stdint.h>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

/// What `scanName` finds: one bit for each byte, from the lowest on.
struct ScannedName {
    /// The bytes that are not printable ASCII, blanks at either end, and blanks behind another.
    uint64_t faults;
    /// The bytes from `A` to `Z`.
    uint64_t capitals;
};

/// Looks at the `count` bytes of a name, 1 to 64, at `bytes`, where 64 can be read.
static inline __attribute__((always_inline)) struct ScannedName scanName(const uint8_t *_Nonnull bytes, int64_t count) {
    uint64_t others = 0, blanks = 0, capitals = 0;
#if defined(__SSE2__)
    for (int64_t part = 0; part < count; part += 16) {
        const __m128i block = _mm_loadu_si128((const __m128i *)(bytes + part));
        // Bytes from 0x80 on are negative, so below a blank, too.
        const __m128i other = _mm_or_si128(_mm_cmplt_epi8(block, _mm_set1_epi8(' ')),
                                           _mm_cmpeq_epi8(block, _mm_set1_epi8(0x7F)));
        const __m128i fromA = _mm_add_epi8(block, _mm_set1_epi8(0x80 - 'A'));
        others |= (uint64_t)(uint32_t)_mm_movemask_epi8(other) << part;
        blanks |= (uint64_t)(uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(block, _mm_set1_epi8(' '))) << part;
        capitals |= (uint64_t)(uint32_t)_mm_movemask_epi8(_mm_cmplt_epi8(fromA, _mm_set1_epi8(26 - 0x80))) << part;
    }
#else
    for (int64_t index = 0; index < count; index++) {
        others |= (uint64_t)(bytes[index] < ' ' || bytes[index] >= 0x7F) << index;
        blanks |= (uint64_t)(bytes[index] == ' ') << index;
        capitals |= (uint64_t)(bytes[index] >= 'A' && bytes[index] <= 'Z') << index;
    }
#endif
    const uint64_t counted = ~(uint64_t)0 >> (64 - count), last = (uint64_t)1 << (count - 1);
    const struct ScannedName found = {
        .faults = (others | (blanks & (blanks << 1 | 1 | last))) & counted, .capitals = capitals & counted};
    return found;
}
