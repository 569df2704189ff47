// Timer descriptors, and the alarm of the process.
//
// A timer descriptor is the kernel's and runs by the machine's clock. When the page's clock has been moved, any thread
// of the process that looks at the clock sets the descriptor forward by as much. An alarm is sent by the mock.

#include "library.h"

#include <poll.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/time.h>
#include <sys/timerfd.h>

#include "state.h"

/// The most timer descriptors of a process that follow the page's clock.
enum { timerLimit = 64 };

struct timer {
    /// One more than the descriptor; 0 when free.
    int number;
    clockid_t clock;
    struct cvt_waiter *waiter;
    /// The page's offset that the kernel's timer is at.
    int64_t offset;
    /// The length of time that it was set to for the first of like times, and how often it came again.
    int64_t length;
    int score;
};

/// A timer that is set to the same short time again and again, while the process does nothing, ticks.
static const int64_t tickLimit = 1050 * 1000000;
enum { scoreLimit = 32, tickScore = 8 };

static struct timer timers[timerLimit];
static _Atomic int timerCount;
static _Atomic int isBusy;

static bool lockTimers(bool mayWait) {
    while (atomic_exchange(&isBusy, 1)) {
        if (!mayWait) return false;
        sched_yield();
    }
    return true;
}

static void unlockTimers(void) { atomic_store(&isBusy, 0); }

void vt_forget_timers(void) {
    for (int i = 0; i < timerLimit; i++) timers[i] = (struct timer){0};
    atomic_store(&isBusy, 0);
}

bool vt_has_timers(void) { return atomic_load_explicit(&timerCount, memory_order_relaxed) > 0; }

static struct timer *find(int descriptor) {
    for (int i = 0; i < timerLimit; i++) {
        if (timers[i].number == descriptor + 1) return &timers[i];
    }
    return NULL;
}

bool vt_is_timer(int descriptor) { return vt_has_timers() && descriptor >= 0 && find(descriptor); }

static bool isReadable(int descriptor) {
    struct pollfd one = {.fd = descriptor, .events = POLLIN};
    struct timespec none = {0};
    return cvt_raw(SYS_ppoll, (long)&one, 1, (long)&none, 0, 0, 0) == 1;
}

static void settle(struct cvt_page *page, struct timer *timer) {
    int descriptor = timer->number - 1;
    int64_t offset = atomic_load(&page->offset);
    struct itimerspec left;
    if (cvt_raw(SYS_timerfd_gettime, descriptor, (long)&left, 0, 0, 0, 0) != 0) {
        // Closed, and by now perhaps something else.
        if (timer->waiter) cvt_give_back(page, timer->waiter);
        *timer = (struct timer){0};
        return;
    }
    int64_t rest = vt_nanoseconds(&left.it_value);
    if (rest == 0 || isReadable(descriptor)) {
        // It has fired. With an interval it is looked at again when that was read.
        if (timer->waiter && atomic_load(&timer->waiter->kind) != cvt_none) {
            cvt_set(page, timer->waiter, cvt_none, cvt_forever);
        }
        if (rest == 0) timer->offset = offset;
        return;
    }
    if (offset != timer->offset) {
        rest -= offset - timer->offset;
        if (rest < 1) rest = 1;
        left.it_value = vt_timespec(rest);
        cvt_raw(SYS_timerfd_settime, descriptor, 0, (long)&left, 0, 0, 0);
        timer->offset = offset;
    }
    if (timer->waiter) {
        int64_t end = vt_after(page, rest);
        int64_t known = atomic_load(&timer->waiter->end);
        bool isSame = atomic_load(&timer->waiter->kind) == cvt_timer && end - known < cvt_millisecond
            && known - end < cvt_millisecond;
        if (!isSame) cvt_set(page, timer->waiter, cvt_timer, end);
    }
}

void vt_settle_timers(struct cvt_page *page) {
    if (!lockTimers(false)) return;
    for (int i = 0; i < timerLimit; i++) {
        if (timers[i].number) settle(page, &timers[i]);
    }
    unlockTimers();
}

static enum cvt_pace paceOf(struct timer *timer, int64_t length) {
    bool isLike = length <= tickLimit && llabs(length - timer->length) < timer->length / 50;
    if (length <= tickLimit && (!isLike && timer->score == 0)) timer->length = length;
    if (vt_process_acted()) {
        timer->score = timer->score > 2 ? timer->score - 2 : 0;
    } else if (isLike && timer->score < scoreLimit) {
        timer->score++;
    }
    return isLike && timer->score >= tickScore ? cvt_ticks : cvt_sets_pace;
}

STANDS_IN int timerfd_create(int clock, int flags) {
    int descriptor = NEXT(timerfd_create)(clock, flags);
    struct cvt_page *page = vt_page();
    if (descriptor < 0 || !page) return descriptor;
    lockTimers(true);
    struct timer *timer = find(descriptor);
    if (!timer) timer = find(-1);
    if (timer) {
        uint32_t process = (uint32_t)cvt_raw(SYS_getpid, 0, 0, 0, 0, 0, 0);
        if (!timer->waiter) timer->waiter = cvt_claim(page, cvt_owner(process, CVT_TIMER_PART | (uint32_t)descriptor));
        timer->offset = atomic_load(&page->offset);
        timer->number = descriptor + 1;
        timer->clock = clock;
        timer->length = timer->score = 0;
        atomic_fetch_add(&timerCount, 1);
    }
    unlockTimers();
    return descriptor;
}

STANDS_IN int timerfd_settime(
    int descriptor, int flags, const struct itimerspec *value, struct itimerspec *old) {
    struct cvt_page *page = vt_page();
    if (!page || !value || !vt_is_valid(&value->it_value) || !vt_is_timer(descriptor)) {
        return NEXT(timerfd_settime)(descriptor, flags, value, old);
    }
    lockTimers(true);
    struct timer *timer = find(descriptor);
    int64_t offset = atomic_load(&page->offset);
    struct itimerspec real = *value;
    bool isArmed = value->it_value.tv_sec || value->it_value.tv_nsec;
    if (isArmed && flags & TFD_TIMER_ABSTIME) {
        int64_t moment = vt_nanoseconds(&value->it_value);
        if (moment != cvt_forever) moment -= offset;
        real.it_value = vt_timespec(moment < 1 ? 1 : moment);
    }
    int result = NEXT(timerfd_settime)(descriptor, flags, &real, old);
    if (result == 0 && timer) {
        timer->offset = offset;
        if (timer->waiter && !isArmed) cvt_set(page, timer->waiter, cvt_none, cvt_forever);
        if (isArmed && timer->waiter) {
            int64_t first = vt_nanoseconds(&real.it_value);
            if (flags & TFD_TIMER_ABSTIME) first -= cvt_machine(timer->clock);
            atomic_store(&timer->waiter->pace, paceOf(timer, first));
        }
        if (isArmed) settle(page, timer);
    }
    unlockTimers();
    return result;
}

STANDS_IN int timerfd_gettime(int descriptor, struct itimerspec *value) {
    struct cvt_page *page = vt_page();
    if (page && vt_is_timer(descriptor)) vt_settle_timers(page);
    return NEXT(timerfd_gettime)(descriptor, value);
}

// MARK: The alarm

static struct cvt_waiter *alarmSlot(struct cvt_page *page, bool isMade) {
    uint64_t owner = cvt_owner((uint32_t)cvt_raw(SYS_getpid, 0, 0, 0, 0, 0, 0), CVT_ALARM_PART);
    uint32_t used = atomic_load(&page->waitersUsed);
    // It may have been set by the program that ran in this process before.
    for (uint32_t i = 0; i < used; i++) {
        if (atomic_load_explicit(&page->waiters[i].owner, memory_order_relaxed) == owner) return &page->waiters[i];
    }
    return isMade ? cvt_claim(page, owner) : NULL;
}

/// Sets the alarm; returns what was left of the one before, 0 for none.
static int64_t setAlarm(struct cvt_page *page, int64_t length, int64_t interval, int64_t *oldInterval) {
    struct cvt_waiter *waiter = alarmSlot(page, length > 0);
    int64_t left = 0;
    *oldInterval = 0;
    if (!waiter) return 0;
    if (atomic_load(&waiter->kind) == cvt_alarm) {
        left = atomic_load(&waiter->end) - cvt_now(page);
        if (left < 1) left = 1;
        *oldInterval = atomic_load(&waiter->interval);
    }
    atomic_store(&waiter->interval, interval);
    cvt_set(page, waiter, length > 0 ? cvt_alarm : cvt_none, length > 0 ? vt_after(page, length) : cvt_forever);
    return left;
}

STANDS_IN unsigned int alarm(unsigned int seconds) {
    struct cvt_page *page = vt_page();
    if (!page) return NEXT(alarm)(seconds);
    int64_t oldInterval;
    int64_t left = setAlarm(page, seconds * cvt_second, 0, &oldInterval);
    return (unsigned int)((left + cvt_second - 1) / cvt_second);
}

static struct timeval toValue(int64_t nanoseconds) {
    return (struct timeval){.tv_sec = nanoseconds / cvt_second, .tv_usec = nanoseconds % cvt_second / 1000};
}

STANDS_IN useconds_t ualarm(useconds_t length, useconds_t interval) {
    struct cvt_page *page = vt_page();
    if (!page) return NEXT(ualarm)(length, interval);
    int64_t oldInterval;
    return (useconds_t)(setAlarm(page, length * INT64_C(1000), interval * INT64_C(1000), &oldInterval) / 1000);
}

STANDS_IN int setitimer(
    __itimer_which_t which, const struct itimerval *restrict value, struct itimerval *restrict old) {
    struct cvt_page *page = vt_page();
    bool isValid = value && value->it_value.tv_sec >= 0 && value->it_value.tv_usec >= 0
        && value->it_value.tv_usec < 1000000;
    if (!page || which != ITIMER_REAL || !isValid) return NEXT(setitimer)(which, value, old);
    int64_t oldInterval;
    int64_t left = setAlarm(page, vt_length(&value->it_value), vt_length(&value->it_interval), &oldInterval);
    if (old) *old = (struct itimerval){.it_value = toValue(left), .it_interval = toValue(oldInterval)};
    return 0;
}

STANDS_IN int getitimer(__itimer_which_t which, struct itimerval *value) {
    struct cvt_page *page = vt_page();
    if (!page || which != ITIMER_REAL || !value) return NEXT(getitimer)(which, value);
    *value = (struct itimerval){0};
    struct cvt_waiter *waiter = alarmSlot(page, false);
    if (waiter && atomic_load(&waiter->kind) == cvt_alarm) {
        int64_t left = atomic_load(&waiter->end) - cvt_now(page);
        value->it_value = toValue(left < 1000 ? 1000 : left);
        value->it_interval = toValue(atomic_load(&waiter->interval));
    }
    return 0;
}
