// Waits by `syscall`, as Rust and Swift make them, and for signals.

#include "library.h"

#include <stdarg.h>
#include <sys/epoll.h>
#include <poll.h>

#include "signals.h"

_Atomic uint32_t vt_counts[vt_signal_counts];

static long answer(long result) {
    if (result >= 0) return result;
    errno = (int)-result;
    return -1;
}

/// Waits on a futex: `time` is a length for FUTEX_WAIT and a moment for FUTEX_WAIT_BITSET.
static long futexUntil(
    struct cvt_page *page, void *word, int operation, uint32_t value, const struct timespec *time, uint32_t bits,
    uint64_t place) {
    int command = operation & FUTEX_CMD_MASK;
    clockid_t clock = operation & FUTEX_CLOCK_REALTIME ? CLOCK_REALTIME : CLOCK_MONOTONIC;
    int64_t end = command == FUTEX_WAIT ? vt_after(page, vt_nanoseconds(time)) : vt_moment(clock, time);
    uint32_t count = vt_signals(word);
    int plain = FUTEX_WAIT_BITSET | (operation & FUTEX_PRIVATE_FLAG);
    if (command == FUTEX_WAIT) bits = FUTEX_BITSET_MATCH_ANY;
    struct vt_wait wait;
    vt_begin(&wait, page, end, place);
    long result;
    do {
        struct timespec moment = vt_timespec(cvt_machine(CLOCK_MONOTONIC) + vt_slice(&wait));
        result = cvt_raw(SYS_futex, (long)word, plain, value, (long)&moment, 0, bits);
        if (result == -ETIMEDOUT && vt_signals(word) != count) result = 0;
    } while (result == -ETIMEDOUT && !vt_is_over(&wait));
    vt_end(&wait);
    return answer(result);
}

static bool isWake(int operation) {
    switch (operation & FUTEX_CMD_MASK) {
    case FUTEX_WAKE: case FUTEX_WAKE_BITSET: case FUTEX_WAKE_OP: case FUTEX_REQUEUE: case FUTEX_CMP_REQUEUE:
        return true;
    default: return false;
    }
}

STANDS_IN long syscall(long number, ...) {
    va_list list;
    va_start(list, number);
    long a[6];
    for (int i = 0; i < 6; i++) a[i] = va_arg(list, long);
    va_end(list);
    struct cvt_page *page = vt_page();
    if (!page) return answer(cvt_raw(number, a[0], a[1], a[2], a[3], a[4], a[5]));
    switch (number) {
    case SYS_futex: {
        int command = (int)a[1] & FUTEX_CMD_MASK;
        const struct timespec *time = (const struct timespec *)a[3];
        if (isWake((int)a[1])) vt_signal((void *)a[0]);
        bool isWait = command == FUTEX_WAIT || command == FUTEX_WAIT_BITSET;
        if (!isWait || !time || !vt_is_valid(time)) break;
        return futexUntil(page, (void *)a[0], (int)a[1], (uint32_t)a[2], time, (uint32_t)a[5], CALLER);
    }
    case SYS_clock_gettime: return clock_gettime((clockid_t)a[0], (struct timespec *)a[1]);
    case SYS_nanosleep: return nanosleep((const struct timespec *)a[0], (struct timespec *)a[1]);
    case SYS_clock_nanosleep:
        return answer(
            -clock_nanosleep((clockid_t)a[0], (int)a[1], (const struct timespec *)a[2], (struct timespec *)a[3]));
#ifdef SYS_poll
    case SYS_poll: return poll((struct pollfd *)a[0], (nfds_t)a[1], (int)a[2]);
#endif
#ifdef SYS_epoll_wait
    case SYS_epoll_wait: return epoll_wait((int)a[0], (struct epoll_event *)a[1], (int)a[2], (int)a[3]);
#endif
    // A mask by the kernel's size is no `sigset_t`, so only waits without one are taken.
    case SYS_epoll_pwait:
        if (a[4]) break;
        return epoll_wait((int)a[0], (struct epoll_event *)a[1], (int)a[2], (int)a[3]);
    case SYS_epoll_pwait2:
        if (a[4]) break;
        return epoll_pwait2((int)a[0], (struct epoll_event *)a[1], (int)a[2], (const struct timespec *)a[3], NULL);
    case SYS_ppoll:
        if (a[3]) break;
        return ppoll((struct pollfd *)a[0], (nfds_t)a[1], (const struct timespec *)a[2], NULL);
    default: break;
    }
    return answer(cvt_raw(number, a[0], a[1], a[2], a[3], a[4], a[5]));
}

STANDS_IN int sigtimedwait(
    const sigset_t *restrict set, siginfo_t *restrict facts, const struct timespec *restrict time) {
    struct cvt_page *page = vt_page();
    bool waits = time && vt_is_valid(time) && vt_nanoseconds(time) > 0;
    if (!page || !waits) return NEXT(sigtimedwait)(set, facts, time);
    struct vt_wait wait;
    vt_begin(&wait, page, vt_after(page, vt_nanoseconds(time)), CALLER);
    int result;
    do {
        struct timespec slice = vt_timespec(vt_slice(&wait));
        result = NEXT(sigtimedwait)(set, facts, &slice);
    } while (result < 0 && errno == EAGAIN && !vt_is_over(&wait));
    int error = errno;
    vt_end(&wait);
    errno = error;
    return result;
}
