#pragma once
// This machine's clocks. Neither call fails: every Linux has both clocks.
#include <stdint.h>
#include <time.h>

/// Nanoseconds of a clock that never goes back and goes on while the machine sleeps: that of Swift's ContinuousClock.
static inline int64_t continuousNanoseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_BOOTTIME, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/// Nanoseconds since 1970-01-01T00:00:00Z by the wall clock.
static inline int64_t wallNanoseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}
