#pragma once
// What checking a name needs to know of all its bytes at once.
#include <stdbool.h>
#include <stdint.h>
#include "scan.h"
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

/// What `scanName` finds: one bit for each byte, from the lowest on.
struct ScannedName {
    /// The bytes that are control characters of ASCII, blanks at either end, and blanks behind another; the bytes that
    /// are not ASCII, too, but of `scanWideName`.
    uint64_t faults;
    /// The bytes from `A` to `Z`.
    uint64_t capitals;
};

/// Looks at the `count` bytes of a name, 1 to 64, at `bytes`, where 64 can be read; and writes them to `folded`, which
/// has room for 64, with small letters for capitals. What it writes behind them isn't said.
static inline __attribute__((always_inline)) struct ScannedName scanName(const uint8_t *_Nonnull bytes, int64_t count,
                                                                         uint8_t *_Nonnull folded) {
    uint64_t others = 0, blanks = 0, capitals = 0;
#if defined(__SSE2__)
    for (int64_t part = 0; part < count; part += 16) {
        const __m128i block = _mm_loadu_si128((const __m128i *)(bytes + part));
        // Bytes from 0x80 on are negative, so below a blank, too.
        const __m128i other = _mm_or_si128(_mm_cmplt_epi8(block, _mm_set1_epi8(' ')),
                                           _mm_cmpeq_epi8(block, _mm_set1_epi8(0x7F)));
        const __m128i fromA = _mm_add_epi8(block, _mm_set1_epi8(0x80 - 'A'));
        const __m128i capital = _mm_cmplt_epi8(fromA, _mm_set1_epi8(26 - 0x80));
        const __m128i small = _mm_or_si128(block, _mm_and_si128(capital, _mm_set1_epi8(0x20)));
        _mm_storeu_si128((__m128i *)(folded + part), small);
        others |= (uint64_t)(uint32_t)_mm_movemask_epi8(other) << part;
        blanks |= (uint64_t)(uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(block, _mm_set1_epi8(' '))) << part;
        capitals |= (uint64_t)(uint32_t)_mm_movemask_epi8(capital) << part;
    }
#else
    for (int64_t index = 0; index < count; index++) {
        const bool isCapital = bytes[index] >= 'A' && bytes[index] <= 'Z';
        others |= (uint64_t)(bytes[index] < ' ' || bytes[index] >= 0x7F) << index;
        blanks |= (uint64_t)(bytes[index] == ' ') << index;
        capitals |= (uint64_t)isCapital << index;
        folded[index] = isCapital ? bytes[index] | 0x20 : bytes[index];
    }
#endif
    const uint64_t counted = ~(uint64_t)0 >> (64 - count), last = (uint64_t)1 << (count - 1);
    const struct ScannedName found = {
        .faults = (others | (blanks & (blanks << 1 | 1 | last))) & counted, .capitals = capitals & counted};
    return found;
}

/// What `scanWideName` finds: one bit for each byte, from the lowest on.
struct ScannedWideName {
    /// As of `scanName`, without the bytes that aren't ASCII.
    struct ScannedName name;
    /// The bytes that are not ASCII.
    uint64_t highs;
    /// Those of them that begin a character.
    uint64_t leads;
    /// Whether they may not be UTF-8: false says that they are.
    bool mayBeFaulty;
};

/// Looks at the `count` bytes of a name, 1 to 63, at `bytes`, where 64 can be read; and writes them as `scanName` does.
static inline struct ScannedWideName scanWideName(const uint8_t *_Nonnull bytes, int64_t count,
                                                  uint8_t *_Nonnull folded) {
    struct ScannedWideName found = {.name = scanName(bytes, count, folded)};
    const struct ScannedUTF8 text = scanUTF8(bytes);
    const uint64_t counted = ~(uint64_t)0 >> (64 - count);
    found.highs = text.highs & counted;
    found.leads = found.highs & ~text.continuing;
    found.name.faults &= ~found.highs;
    found.mayBeFaulty = scanFaultsOfUTF8(text, counted) != 0;
    return found;
}
