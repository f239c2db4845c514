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

/// Brings the cache line at `address` nearer; it is going to be written.
static inline void scanPrefetch(const void *_Nonnull address) { __builtin_prefetch(address, 1); }
