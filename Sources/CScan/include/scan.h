#pragma once
// What Swift has no words for: comparing 64 bytes at once into a mask of bits, and telling the memory what comes next.
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

/// As `scanMatches`, for the bytes from 0x80 on: those that are not ASCII.
static inline uint64_t scanHighBits(const uint8_t *_Nonnull bytes) {
#if defined(__SSE2__)
    uint64_t mask = 0;
    for (int part = 0; part < 4; part++) {
        const __m128i block = _mm_loadu_si128((const __m128i *)(bytes + part * 16));
        mask |= (uint64_t)(uint32_t)_mm_movemask_epi8(block) << (part * 16);
    }
    return mask;
#else
    uint64_t mask = 0;
    for (int index = 0; index < 64; index++) mask |= (uint64_t)(bytes[index] >> 7) << index;
    return mask;
#endif
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
