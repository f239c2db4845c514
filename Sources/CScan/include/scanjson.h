#pragma once
// What reading JSON needs to know of many bytes at once.
#include <stdint.h>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

/// Of the 32 bytes at `bytes`, one bit each from the lowest on: in the lower half of the result for those that plain
/// text in a string ends at (quotes, backslashes and what is below 0x20), in the upper half for those from 0x80 on.
static inline __attribute__((always_inline)) uint64_t scanString(const uint8_t *_Nonnull bytes) {
#if defined(__SSE2__)
    const __m128i quote = _mm_set1_epi8('"'), backslash = _mm_set1_epi8('\\'), control = _mm_set1_epi8(0x1F);
    const __m128i a = _mm_loadu_si128((const __m128i *)bytes), b = _mm_loadu_si128((const __m128i *)(bytes + 16));
    const __m128i endsA = _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(a, quote), _mm_cmpeq_epi8(a, backslash)),
                                       _mm_cmpeq_epi8(_mm_min_epu8(a, control), a));
    const __m128i endsB = _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(b, quote), _mm_cmpeq_epi8(b, backslash)),
                                       _mm_cmpeq_epi8(_mm_min_epu8(b, control), b));
    const uint32_t ends = (uint32_t)_mm_movemask_epi8(endsA) | (uint32_t)_mm_movemask_epi8(endsB) << 16;
    const uint32_t high = (uint32_t)_mm_movemask_epi8(a) | (uint32_t)_mm_movemask_epi8(b) << 16;
    return ends | (uint64_t)high << 32;
#else
    uint64_t marks = 0;
    for (int index = 0; index < 32; index++) {
        const uint8_t byte = bytes[index];
        marks |= (uint64_t)(byte == '"' || byte == '\\' || byte < 0x20) << index;
        marks |= (uint64_t)(byte >> 7) << (index + 32);
    }
    return marks;
#endif
}
