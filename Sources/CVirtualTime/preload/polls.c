// Waits for descriptors: a short real wait at a time, and between them a look at the clock.

#include "library.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/select.h>

/// The most descriptors of `select` that are handled.
enum { selectLimit = 65536 };

static int64_t endAfter(struct cvt_page *page, int milliseconds) {
    return milliseconds < 0 ? cvt_forever : vt_after(page, milliseconds * cvt_millisecond);
}

/// Whether the clock has nothing to do with a wait: it does not wait, or has no end and no timer could end it.
static bool isPlain(struct cvt_page *page, int64_t nanoseconds) {
    return !page || nanoseconds == 0 || (nanoseconds < 0 && !vt_has_timers());
}

// MARK: poll

static int pollUntil(
    struct cvt_page *page, struct pollfd *list, nfds_t count, int64_t end, const sigset_t *mask, uint64_t place) {
    if (count == 0 && !mask && end != cvt_forever) {
        if (vt_sleep(page, end, place) == 0) return 0;
        errno = EINTR;
        return -1;
    }
    struct vt_wait wait;
    vt_begin(&wait, page, end, place);
    int result;
    do {
        struct timespec slice = vt_timespec(vt_slice(&wait));
        result = NEXT(ppoll)(list, count, &slice, mask);
    } while (result == 0 && !vt_is_over(&wait));
    int error = errno;
    vt_end(&wait);
    errno = error;
    return result;
}

static int pollFor(struct pollfd *list, nfds_t count, int milliseconds, uint64_t place) {
    struct cvt_page *page = vt_page();
    if (isPlain(page, milliseconds)) return NEXT(poll)(list, count, milliseconds);
    return pollUntil(page, list, count, endAfter(page, milliseconds), NULL, place);
}

static int pollForTime(
    struct pollfd *list, nfds_t count, const struct timespec *time, const sigset_t *mask, uint64_t place) {
    struct cvt_page *page = vt_page();
    if ((time && !vt_is_valid(time)) || isPlain(page, time ? vt_nanoseconds(time) : -1)) {
        return NEXT(ppoll)(list, count, time, mask);
    }
    int64_t end = time ? vt_after(page, vt_nanoseconds(time)) : cvt_forever;
    return pollUntil(page, list, count, end, mask, place);
}

STANDS_IN int poll(struct pollfd *list, nfds_t count, int milliseconds) {
    return pollFor(list, count, milliseconds, CALLER);
}

STANDS_IN int ppoll(struct pollfd *list, nfds_t count, const struct timespec *time, const sigset_t *mask) {
    return pollForTime(list, count, time, mask, CALLER);
}

// The same with a check that `_FORTIFY_SOURCE` asks for.
STANDS_IN int __poll_chk(struct pollfd *list, nfds_t count, int milliseconds, size_t size) {
    if (size / sizeof *list < count) abort();
    return pollFor(list, count, milliseconds, CALLER);
}

STANDS_IN int __ppoll_chk(
    struct pollfd *list, nfds_t count, const struct timespec *time, const sigset_t *mask, size_t size) {
    if (size / sizeof *list < count) abort();
    return pollForTime(list, count, time, mask, CALLER);
}

// MARK: select

static int selectUntil(
    struct cvt_page *page, int count, fd_set *sets[3], int64_t end, const sigset_t *mask, uint64_t place) {
    size_t size = ((size_t)count + 63) / 64 * 8;
    char asked[3][size ? size : 8];
    for (int i = 0; i < 3; i++) {
        if (sets[i]) memcpy(asked[i], sets[i], size);
    }
    struct vt_wait wait;
    vt_begin(&wait, page, end, place);
    int result;
    while (true) {
        struct timespec slice = vt_timespec(vt_slice(&wait));
        result = NEXT(pselect)(count, sets[0], sets[1], sets[2], &slice, mask);
        if (result != 0 || vt_is_over(&wait)) break;
        for (int i = 0; i < 3; i++) {
            if (sets[i]) memcpy(sets[i], asked[i], size);
        }
    }
    int error = errno;
    vt_end(&wait);
    errno = error;
    return result;
}

STANDS_IN int select(int count, fd_set *reads, fd_set *writes, fd_set *others, struct timeval *time) {
    struct cvt_page *page = vt_page();
    bool isValid = count >= 0 && count <= selectLimit && (!time || (time->tv_sec >= 0 && time->tv_usec >= 0));
    int64_t length = time && isValid ? vt_length(time) : -1;
    if (!isValid || isPlain(page, length)) return NEXT(select)(count, reads, writes, others, time);
    int64_t end = time ? vt_after(page, length) : cvt_forever;
    int result = selectUntil(page, count, (fd_set *[]){reads, writes, others}, end, NULL, CALLER);
    if (time) {
        // Linux says what is left.
        int64_t left = end - cvt_now(page);
        if (left < 0) left = 0;
        *time = (struct timeval){.tv_sec = left / cvt_second, .tv_usec = left % cvt_second / 1000};
    }
    return result;
}

STANDS_IN int pselect(
    int count, fd_set *reads, fd_set *writes, fd_set *others, const struct timespec *time, const sigset_t *mask) {
    struct cvt_page *page = vt_page();
    bool isValid = count >= 0 && count <= selectLimit && (!time || vt_is_valid(time));
    if (!isValid || isPlain(page, time ? vt_nanoseconds(time) : -1)) {
        return NEXT(pselect)(count, reads, writes, others, time, mask);
    }
    int64_t end = time ? vt_after(page, vt_nanoseconds(time)) : cvt_forever;
    return selectUntil(page, count, (fd_set *[]){reads, writes, others}, end, mask, CALLER);
}

// MARK: epoll

static int epollUntil(
    struct cvt_page *page, int set, struct epoll_event *events, int limit, int64_t end, const sigset_t *mask,
    uint64_t place) {
    struct vt_wait wait;
    vt_begin(&wait, page, end, place);
    int result;
    do {
        int slice = (int)((vt_slice(&wait) + cvt_millisecond - 1) / cvt_millisecond);
        result = NEXT(epoll_pwait)(set, events, limit, slice, mask);
    } while (result == 0 && !vt_is_over(&wait));
    int error = errno;
    vt_end(&wait);
    errno = error;
    return result;
}

STANDS_IN int epoll_wait(int set, struct epoll_event *events, int limit, int milliseconds) {
    struct cvt_page *page = vt_page();
    if (isPlain(page, milliseconds)) return NEXT(epoll_wait)(set, events, limit, milliseconds);
    return epollUntil(page, set, events, limit, endAfter(page, milliseconds), NULL, CALLER);
}

STANDS_IN int epoll_pwait(int set, struct epoll_event *events, int limit, int milliseconds, const sigset_t *mask) {
    struct cvt_page *page = vt_page();
    if (isPlain(page, milliseconds)) return NEXT(epoll_pwait)(set, events, limit, milliseconds, mask);
    return epollUntil(page, set, events, limit, endAfter(page, milliseconds), mask, CALLER);
}

STANDS_IN int epoll_pwait2(
    int set, struct epoll_event *events, int limit, const struct timespec *time, const sigset_t *mask) {
    struct cvt_page *page = vt_page();
    if ((time && !vt_is_valid(time)) || isPlain(page, time ? vt_nanoseconds(time) : -1)) {
        return NEXT(epoll_pwait2)(set, events, limit, time, mask);
    }
    int64_t end = time ? vt_after(page, vt_nanoseconds(time)) : cvt_forever;
    return epollUntil(page, set, events, limit, end, mask, CALLER);
}
