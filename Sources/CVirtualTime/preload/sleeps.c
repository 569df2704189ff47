// Sleeps: waits that nothing but the clock and signals end.

#include "library.h"

#include <pthread.h>
#include <threads.h>

/// Sleeps until a moment, as a point where a thread may be cancelled.
static int sleepUntil(struct cvt_page *page, int64_t end, uint64_t place) {
    pthread_testcancel();
    int result = vt_sleep(page, end, place);
    if (result) pthread_testcancel();
    return result;
}

static struct timespec rest(struct cvt_page *page, int64_t end) {
    int64_t left = end - cvt_now(page);
    return vt_timespec(left > 0 ? left : 0);
}

STANDS_IN int nanosleep(const struct timespec *length, struct timespec *left) {
    struct cvt_page *page = vt_page();
    if (!page || !length || !vt_is_valid(length)) return NEXT(nanosleep)(length, left);
    int64_t end = vt_after(page, vt_nanoseconds(length));
    if (sleepUntil(page, end, CALLER) == 0) return 0;
    if (left) *left = rest(page, end);
    errno = EINTR;
    return -1;
}

STANDS_IN int clock_nanosleep(clockid_t clock, int flags, const struct timespec *time, struct timespec *left) {
    struct cvt_page *page = vt_page();
    if (!page || !vt_is_moved(clock) || !time || !vt_is_valid(time)) {
        return NEXT(clock_nanosleep)(clock, flags, time, left);
    }
    bool isMoment = flags & TIMER_ABSTIME;
    int64_t end = isMoment ? vt_moment(clock, time) : vt_after(page, vt_nanoseconds(time));
    int result = sleepUntil(page, end, CALLER);
    if (result && left && !isMoment) *left = rest(page, end);
    return result;
}

STANDS_IN int usleep(useconds_t length) {
    struct cvt_page *page = vt_page();
    if (!page) return NEXT(usleep)(length);
    if (sleepUntil(page, vt_after(page, length * INT64_C(1000)), CALLER) == 0) return 0;
    errno = EINTR;
    return -1;
}

STANDS_IN unsigned int sleep(unsigned int seconds) {
    struct cvt_page *page = vt_page();
    if (!page) return NEXT(sleep)(seconds);
    int64_t end = vt_after(page, seconds * cvt_second);
    if (sleepUntil(page, end, CALLER) == 0) return 0;
    struct timespec left = rest(page, end);
    return (unsigned int)(left.tv_sec + (left.tv_nsec >= cvt_second / 2));
}

STANDS_IN int thrd_sleep(const struct timespec *length, struct timespec *left) {
    struct cvt_page *page = vt_page();
    if (!page || !length || !vt_is_valid(length)) return NEXT(thrd_sleep)(length, left);
    int64_t end = vt_after(page, vt_nanoseconds(length));
    if (sleepUntil(page, end, CALLER) == 0) return 0;
    if (left) *left = rest(page, end);
    return -1;
}
