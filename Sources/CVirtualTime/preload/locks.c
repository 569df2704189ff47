// Waits for other threads: conditions, semaphores and locks.
//
// A signal to a condition could fall between two short waits and be lost, so signals are counted, and a waiter that
// missed one returns as if it had been woken, which a condition may do.

#include "library.h"

#include <pthread.h>
#include <semaphore.h>
#include <threads.h>

#include "signals.h"

/// When a short real wait ends, on one of the machine's clocks.
static struct timespec soon(struct vt_wait *wait, clockid_t clock) {
    return vt_timespec(cvt_machine(clock) + vt_slice(wait));
}

// MARK: Conditions

/// The clock that a condition's moments are of, as glibc keeps it.
static clockid_t clockOf(pthread_cond_t *condition) {
    return condition->__data.__wrefs & 2 ? CLOCK_MONOTONIC : CLOCK_REALTIME;
}

static int conditionUntil(
    struct cvt_page *page, pthread_cond_t *condition, pthread_mutex_t *mutex, int64_t end, uint64_t place) {
    uint32_t count = vt_signals(condition);
    struct vt_wait wait;
    vt_begin(&wait, page, end, place);
    int result;
    do {
        struct timespec moment = soon(&wait, CLOCK_MONOTONIC);
        result = NEXT(pthread_cond_clockwait)(condition, mutex, CLOCK_MONOTONIC, &moment);
        if (result == ETIMEDOUT && vt_signals(condition) != count) result = 0;
    } while (result == ETIMEDOUT && !vt_is_over(&wait));
    vt_end(&wait);
    return result;
}

STANDS_IN int pthread_cond_timedwait(
    pthread_cond_t *restrict condition, pthread_mutex_t *restrict mutex, const struct timespec *restrict time) {
    struct cvt_page *page = vt_page();
    if (!page || !vt_is_valid(time)) return NEXT(pthread_cond_timedwait)(condition, mutex, time);
    return conditionUntil(page, condition, mutex, vt_moment(clockOf(condition), time), CALLER);
}

STANDS_IN int pthread_cond_clockwait(
    pthread_cond_t *restrict condition, pthread_mutex_t *restrict mutex, clockid_t clock,
    const struct timespec *restrict time) {
    struct cvt_page *page = vt_page();
    if (!page || !vt_is_valid(time) || (clock != CLOCK_REALTIME && clock != CLOCK_MONOTONIC)) {
        return NEXT(pthread_cond_clockwait)(condition, mutex, clock, time);
    }
    return conditionUntil(page, condition, mutex, vt_moment(clock, time), CALLER);
}

// In glibc these are the same objects as those of POSIX threads.
STANDS_IN int cnd_timedwait(cnd_t *restrict condition, mtx_t *restrict mutex, const struct timespec *restrict time) {
    struct cvt_page *page = vt_page();
    if (!page || !vt_is_valid(time)) return NEXT(cnd_timedwait)(condition, mutex, time);
    int result = conditionUntil(
        page, (pthread_cond_t *)condition, (pthread_mutex_t *)mutex, vt_moment(CLOCK_REALTIME, time), CALLER);
    return result == 0 ? thrd_success : result == ETIMEDOUT ? thrd_timedout : thrd_error;
}

STANDS_IN int pthread_cond_signal(pthread_cond_t *condition) {
    vt_signal(condition);
    return NEXT(pthread_cond_signal)(condition);
}

STANDS_IN int pthread_cond_broadcast(pthread_cond_t *condition) {
    vt_signal(condition);
    return NEXT(pthread_cond_broadcast)(condition);
}

STANDS_IN int cnd_signal(cnd_t *condition) {
    vt_signal(condition);
    return NEXT(cnd_signal)(condition);
}

STANDS_IN int cnd_broadcast(cnd_t *condition) {
    vt_signal(condition);
    return NEXT(cnd_broadcast)(condition);
}

// MARK: Semaphores

static int semaphoreUntil(struct cvt_page *page, sem_t *semaphore, int64_t end, uint64_t place) {
    if (NEXT(sem_trywait)(semaphore) == 0) return 0;
    struct vt_wait wait;
    vt_begin(&wait, page, end, place);
    int result;
    do {
        struct timespec moment = soon(&wait, CLOCK_MONOTONIC);
        result = NEXT(sem_clockwait)(semaphore, CLOCK_MONOTONIC, &moment);
    } while (result != 0 && errno == ETIMEDOUT && !vt_is_over(&wait));
    int error = errno;
    vt_end(&wait);
    errno = error;
    return result;
}

STANDS_IN int sem_timedwait(sem_t *restrict semaphore, const struct timespec *restrict time) {
    struct cvt_page *page = vt_page();
    if (!page || !vt_is_valid(time)) return NEXT(sem_timedwait)(semaphore, time);
    return semaphoreUntil(page, semaphore, vt_moment(CLOCK_REALTIME, time), CALLER);
}

STANDS_IN int sem_clockwait(sem_t *restrict semaphore, clockid_t clock, const struct timespec *restrict time) {
    struct cvt_page *page = vt_page();
    if (!page || !vt_is_valid(time) || !vt_is_moved(clock)) return NEXT(sem_clockwait)(semaphore, clock, time);
    return semaphoreUntil(page, semaphore, vt_moment(clock, time), CALLER);
}

// MARK: Locks

/// The body of a function that waits for a lock until a moment of a clock: `timed` is tried for a short time each.
#define LOCK_UNTIL(itsClock, time, timed)                                    \
    struct vt_wait wait;                                                     \
    vt_begin(&wait, page, vt_moment(itsClock, time), CALLER);          \
    int result;                                                              \
    do {                                                                     \
        struct timespec moment = soon(&wait, CLOCK_REALTIME);                \
        result = timed;                                                      \
    } while (result == ETIMEDOUT && !vt_is_over(&wait));                     \
    vt_end(&wait);                                                           \
    return result

STANDS_IN int pthread_mutex_timedlock(pthread_mutex_t *restrict mutex, const struct timespec *restrict time) {
    struct cvt_page *page = vt_page();
    if (!page || !vt_is_valid(time)) return NEXT(pthread_mutex_timedlock)(mutex, time);
    LOCK_UNTIL(CLOCK_REALTIME, time, NEXT(pthread_mutex_timedlock)(mutex, &moment));
}

STANDS_IN int pthread_mutex_clocklock(
    pthread_mutex_t *restrict mutex, clockid_t clock, const struct timespec *restrict time) {
    struct cvt_page *page = vt_page();
    bool isKnown = clock == CLOCK_REALTIME || clock == CLOCK_MONOTONIC;
    if (!page || !vt_is_valid(time) || !isKnown) return NEXT(pthread_mutex_clocklock)(mutex, clock, time);
    LOCK_UNTIL(clock, time, NEXT(pthread_mutex_timedlock)(mutex, &moment));
}

STANDS_IN int mtx_timedlock(mtx_t *restrict mutex, const struct timespec *restrict time) {
    struct cvt_page *page = vt_page();
    if (!page || !vt_is_valid(time)) return NEXT(mtx_timedlock)(mutex, time);
    struct vt_wait wait;
    vt_begin(&wait, page, vt_moment(CLOCK_REALTIME, time), CALLER);
    int result;
    do {
        struct timespec moment = soon(&wait, CLOCK_REALTIME);
        result = NEXT(mtx_timedlock)(mutex, &moment);
    } while (result == thrd_timedout && !vt_is_over(&wait));
    vt_end(&wait);
    return result;
}

STANDS_IN int pthread_rwlock_timedrdlock(pthread_rwlock_t *restrict lock, const struct timespec *restrict time) {
    struct cvt_page *page = vt_page();
    if (!page || !vt_is_valid(time)) return NEXT(pthread_rwlock_timedrdlock)(lock, time);
    LOCK_UNTIL(CLOCK_REALTIME, time, NEXT(pthread_rwlock_timedrdlock)(lock, &moment));
}

STANDS_IN int pthread_rwlock_timedwrlock(pthread_rwlock_t *restrict lock, const struct timespec *restrict time) {
    struct cvt_page *page = vt_page();
    if (!page || !vt_is_valid(time)) return NEXT(pthread_rwlock_timedwrlock)(lock, time);
    LOCK_UNTIL(CLOCK_REALTIME, time, NEXT(pthread_rwlock_timedwrlock)(lock, &moment));
}

STANDS_IN int pthread_timedjoin_np(pthread_t thread, void **value, const struct timespec *time) {
    struct cvt_page *page = vt_page();
    if (!page || !time || !vt_is_valid(time)) return NEXT(pthread_timedjoin_np)(thread, value, time);
    LOCK_UNTIL(CLOCK_REALTIME, time, NEXT(pthread_timedjoin_np)(thread, value, &moment));
}
