// What time it is. Clocks that count a processor's work stay as they are.

#include "library.h"

#include <sys/time.h>
#include <sys/timeb.h>

static void advance(clockid_t clock, struct timespec *time) {
    struct cvt_page *page = vt_page();
    if (!page || !vt_is_moved(clock)) return;
    int64_t offset = atomic_load_explicit(&page->offset, memory_order_acquire);
    int64_t nanoseconds = time->tv_nsec + offset % cvt_second;
    time->tv_sec += offset / cvt_second + nanoseconds / cvt_second;
    time->tv_nsec = nanoseconds % cvt_second;
}

static struct timespec calendar(void) {
    struct timespec time = {0};
    NEXT(clock_gettime)(CLOCK_REALTIME, &time);
    advance(CLOCK_REALTIME, &time);
    return time;
}

STANDS_IN int clock_gettime(clockid_t clock, struct timespec *time) {
    int result = NEXT(clock_gettime)(clock, time);
    if (result == 0) advance(clock, time);
    return result;
}

STANDS_IN int gettimeofday(struct timeval *restrict value, void *restrict zone) {
    int result = NEXT(gettimeofday)(value, zone);
    if (result == 0) {
        struct timespec time = {.tv_sec = value->tv_sec, .tv_nsec = value->tv_usec * 1000};
        advance(CLOCK_REALTIME, &time);
        *value = (struct timeval){.tv_sec = time.tv_sec, .tv_usec = time.tv_nsec / 1000};
    }
    return result;
}

STANDS_IN time_t time(time_t *result) {
    time_t seconds = calendar().tv_sec;
    if (result) *result = seconds;
    return seconds;
}

STANDS_IN int timespec_get(struct timespec *time, int base) {
    int result = NEXT(timespec_get)(time, base);
    if (result == TIME_UTC) advance(CLOCK_REALTIME, time);
    return result;
}

// Declared obsolete, but old programs have it.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
STANDS_IN int ftime(struct timeb *result) {
    struct timespec time = calendar();
    *result = (struct timeb){.time = time.tv_sec, .millitm = (unsigned short)(time.tv_nsec / 1000000)};
    return 0;
}
#pragma GCC diagnostic pop
