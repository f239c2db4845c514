#pragma once
// What reading XML needs to know of many bytes at once.
#include <stdint.h>
#if defined(__SSE2__)
#include <emmintrin.h>

/// Of 16 bytes, those that are `<`, `&`, `other` or below 0x20.
static inline __attribute__((always_inline)) __m128i scanMarkupEnds(__m128i bytes, uint8_t other) {
    const __m128i controls = _mm_cmpeq_epi8(_mm_min_epu8(bytes, _mm_set1_epi8(0x1F)), bytes);
    const __m128i less = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('<'));
    const __m128i ampersands = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('&'));
    const __m128i others = _mm_cmpeq_epi8(bytes, _mm_set1_epi8((char)other));
    return _mm_or_si128(_mm_or_si128(controls, less), _mm_or_si128(ampersands, others));
}
#endif

/// Of the 32 bytes at `bytes`, one bit each from the lowest on: in the lower half of the result for those that plain
/// text ends at (`<`, `&`, `other` and what is below 0x20), in the upper half for those from 0x80 on.
static inline __attribute__((always_inline)) uint64_t scanMarkup(const uint8_t *_Nonnull bytes, uint8_t other) {
#if defined(__SSE2__)
    const __m128i a = _mm_loadu_si128((const __m128i *)bytes), b = _mm_loadu_si128((const __m128i *)(bytes + 16));
    const uint32_t ends = (uint32_t)_mm_movemask_epi8(scanMarkupEnds(a, other)) |
                          (uint32_t)_mm_movemask_epi8(scanMarkupEnds(b, other)) << 16;
    const uint32_t high = (uint32_t)_mm_movemask_epi8(a) | (uint32_t)_mm_movemask_epi8(b) << 16;
    return ends | (uint64_t)high << 32;
#else
    uint64_t marks = 0;
    for (int index = 0; index < 32; index++) {
        const uint8_t byte = bytes[index];
        marks |= (uint64_t)(byte == '<' || byte == '&' || byte == other || byte < 0x20) << index;
        marks |= (uint64_t)(byte >> 7) << (index + 32);
    }
    return marks;
#endif
}
