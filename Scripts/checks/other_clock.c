// Gives a program that is started with LD_PRELOAD another clock: CLOCK_REALTIME is CLOCK_OFFSET_MS milliseconds ahead.
// The monotonic clocks are left alone. libfaketime would do, but with it a Swift program doesn't get its arguments.
#define _GNU_SOURCE
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static long offset_ms(void) {
  const char *text = getenv("CLOCK_OFFSET_MS");
  return text ? atol(text) : 0;
}

int clock_gettime(clockid_t clock, struct timespec *time) {
  int result = syscall(SYS_clock_gettime, clock, time);
  if (result == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) {
    long ms = offset_ms(), nanoseconds = time->tv_nsec + ms % 1000 * 1000000;
    long carried = nanoseconds < 0 ? -1 : nanoseconds / 1000000000;
    time->tv_sec += ms / 1000 + carried;
    time->tv_nsec = nanoseconds - carried * 1000000000;
  }
  return result;
}

int gettimeofday(struct timeval *time, void *zone) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  time->tv_sec = now.tv_sec;
  time->tv_usec = now.tv_nsec / 1000;
  return 0;
}

time_t time(time_t *result) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  if (result) *result = now.tv_sec;
  return now.tv_sec;
}
