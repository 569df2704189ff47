// What the files of the library share.
//
// Nothing here allocates, locks or calls what it replaces. A function whose page is missing does what libc does.

#pragma once

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif

#include <dlfcn.h>
#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <sys/time.h>
#include <unistd.h>

#include "../page.h"
#include "next.h"

/// Makes a function one of those that stand in for libc's.
#define STANDS_IN __attribute__((visibility("default")))

/// Where the program called from: waits that return to one place again and again are known by it.
#define CALLER ((uint64_t)(uintptr_t)__builtin_return_address(0))

/// The page, or NULL when there is none.
struct cvt_page *vt_page(void);

/// Notes this process as one that shares the clock, or no more, as before another program takes its place.
void vt_join(void);
void vt_leave(void);

/// A wait of this thread.
struct vt_wait {
    struct cvt_page *page;
    struct cvt_waiter *waiter;
    int64_t end;
    /// When it began, on the machine's clock.
    int64_t began;
    /// What the slot said before: a handler of a signal may wait within a wait.
    uint32_t outerKind, outerPace;
    int64_t outerEnd;
};

/// Begins a wait until `end` on the page's clock, or without end.
void vt_begin(struct vt_wait *wait, struct cvt_page *page, int64_t end, uint64_t place);
/// Begins a time in which this thread works with somebody who does not know the clock.
void vt_begin_work(struct vt_wait *wait, struct cvt_page *page);
void vt_end(struct vt_wait *wait);

/// How long to wait really before the clock is looked at again, in nanoseconds; 0 when the wait is over.
int64_t vt_slice(struct vt_wait *wait);

/// Whether the wait's end has come.
bool vt_is_over(const struct vt_wait *wait);

/// Sleeps until `end`: 0, or EINTR after a signal.
int vt_sleep(struct cvt_page *page, int64_t end, uint64_t place);

/// Says that this thread did something between its waits that others may see.
void vt_acted(void);
/// Whether any thread of the process did since this was last asked.
bool vt_process_acted(void);

/// Turns a moment of a clock of the program's into one of the page's monotonic clock.
int64_t vt_moment(clockid_t clock, const struct timespec *time);
/// The moment that is a length of time away; never beyond the end of time.
int64_t vt_after(struct cvt_page *page, int64_t nanoseconds);
/// Whether the page's offset counts for a clock.
bool vt_is_moved(clockid_t clock);

/// Whether this process has timer descriptors, so that a wait without end must look at the clock too.
bool vt_has_timers(void);
/// Brings the timer descriptors of this process to the page's clock.
void vt_settle_timers(struct cvt_page *page);
/// Whether a descriptor is a timer.
bool vt_is_timer(int descriptor);

static inline int64_t vt_nanoseconds(const struct timespec *time) {
    if (time->tv_sec > INT64_MAX / cvt_second - 1) return cvt_forever;
    return time->tv_sec * cvt_second + time->tv_nsec;
}

/// A length of time; `cvt_forever` for what is longer than the clock goes.
static inline int64_t vt_length(const struct timeval *time) {
    int64_t seconds, parts, sum;
    bool isBeyond = __builtin_mul_overflow(time->tv_sec, cvt_second, &seconds)
        || __builtin_mul_overflow(time->tv_usec, INT64_C(1000), &parts)
        || __builtin_add_overflow(seconds, parts, &sum);
    return isBeyond ? cvt_forever : sum;
}

static inline struct timespec vt_timespec(int64_t nanoseconds) {
    return (struct timespec){.tv_sec = nanoseconds / cvt_second, .tv_nsec = nanoseconds % cvt_second};
}

static inline bool vt_is_valid(const struct timespec *time) {
    return time->tv_sec >= 0 && time->tv_nsec >= 0 && time->tv_nsec < cvt_second;
}
