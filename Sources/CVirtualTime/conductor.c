// Moves the clock: when nobody does anything, to the moment that the first of all waits ends at, and no further.

#include "clock.h"

#include <limits.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

/// How long nothing must have happened, in nanoseconds.
static const int64_t quiet = 500000;
/// How long a wait that is over is given to end, before it is taken for forsaken.
static const int64_t overdueLimit = 100000000;
/// How often slots of the dead are taken back.
static const int64_t sweepInterval = 50000000;
/// How long a command may run before its first process has loaded the library.
static const int64_t joinLimit = 2000000000;

static _Atomic bool isStopped;

void cvt_stop(void) { atomic_store(&isStopped, true); }

static void rest(int64_t nanoseconds) {
    struct timespec time = {.tv_nsec = nanoseconds};
    cvt_raw(SYS_clock_nanosleep, CLOCK_MONOTONIC, 0, (long)&time, 0, 0, 0);
}

static void ring(struct cvt_waiter *waiter) {
    atomic_fetch_add(&waiter->bell, 1);
    cvt_raw(SYS_futex, (long)&waiter->bell, FUTEX_WAKE, INT_MAX, 0, 0, 0);
}

/// What the waits say, all together.
struct outlook {
    /// When the first of them ends that the clock may be moved to; `cvt_forever` without any.
    int64_t first;
    /// Whether that is one that only ticks.
    bool isTick;
    /// A wait is over and has not ended, or is one that time may not be moved in.
    bool isBusy;
};

static void sendAlarm(struct cvt_page *page, struct cvt_waiter *waiter, int64_t now) {
    pid_t process = (pid_t)(atomic_load(&waiter->owner) >> 32);
    int64_t interval = atomic_load(&waiter->interval);
    int64_t end = atomic_load(&waiter->end);
    // Alarms that were missed are one, as the kernel has it.
    if (interval > 0) {
        int64_t step, next;
        bool isBeyond = __builtin_mul_overflow(interval, (now - end) / interval + 1, &step)
            || __builtin_add_overflow(end, step, &next);
        atomic_store(&waiter->end, isBeyond ? cvt_forever : next);
    } else {
        cvt_set(page, waiter, cvt_none, cvt_forever);
    }
    kill(process, SIGALRM);
    atomic_fetch_add(&page->events, 1);
}

static struct outlook survey(struct cvt_page *page, int64_t machine) {
    struct outlook outlook = {.first = cvt_forever};
    int64_t firstTick = cvt_forever;
    int64_t now = machine + atomic_load(&page->offset);
    uint32_t used = atomic_load(&page->waitersUsed);
    for (uint32_t i = 0; i < used; i++) {
        struct cvt_waiter *waiter = &page->waiters[i];
        uint32_t kind = atomic_load_explicit(&waiter->kind, memory_order_acquire);
        if (kind == cvt_none) continue;
        if (kind == cvt_work) {
            outlook.isBusy = true;
            continue;
        }
        int64_t end = atomic_load(&waiter->end);
        uint32_t pace = atomic_load(&waiter->pace);
        if (end > now) {
            if (end > cvt_latest) continue;
            if (pace == cvt_sets_pace && end < outlook.first) outlook.first = end;
            if (pace == cvt_ticks && end < firstTick) firstTick = end;
            continue;
        }
        if (kind == cvt_alarm) {
            sendAlarm(page, waiter, now);
            outlook.isBusy = true;
            continue;
        }
        int64_t since = atomic_load(&waiter->overdueSince);
        if (since == 0) atomic_store(&waiter->overdueSince, since = machine);
        if (kind == cvt_timed) ring(waiter);
        if (pace == cvt_sets_pace && machine - since < overdueLimit) outlook.isBusy = true;
    }
    if (outlook.first == cvt_forever) {
        outlook.first = firstTick;
        outlook.isTick = firstTick != cvt_forever;
    }
    return outlook;
}

static void move(struct cvt_page *page, int64_t to, struct cvt_summary *summary) {
    int64_t step = to - cvt_now(page);
    if (step > 0) {
        atomic_fetch_add(&page->offset, step);
        atomic_fetch_add(&page->moves, 1);
        summary->moves++;
        summary->moved += step;
    }
    survey(page, cvt_machine(CLOCK_MONOTONIC));
}

void cvt_conduct(struct cvt_summary *summary) {
    memset(summary, 0, sizeof *summary);
    struct cvt_page *page = cvt_page();
    uint32_t events = 0;
    int64_t quietSince = cvt_machine(CLOCK_MONOTONIC), swept = quietSince, last = quietSince, unreached = 0;
    while (page && !atomic_load(&isStopped)) {
        int64_t machine = cvt_machine(CLOCK_MONOTONIC);
        // Who is long at work is looked at less often.
        rest(machine - quietSince > 50 * cvt_millisecond ? cvt_millisecond : cvt_millisecond / 8);
        machine = cvt_machine(CLOCK_MONOTONIC);
        int64_t passed = machine - last;
        last = machine;
        if (machine - swept > sweepInterval) {
            swept = machine;
            cvt_sweep(page);
            if (!atomic_load(&page->joined)) {
                bool isWaiter;
                char name[64];
                unreached += cvt_look(page, &isWaiter, name) == cvt_unreached ? sweepInterval : 0;
                if (unreached > joinLimit) {
                    unreached = INT64_MIN;
                    kill(getpid(), SIGTERM);
                }
            }
        }
        struct outlook outlook = survey(page, machine);
        uint32_t known = atomic_load(&page->events);
        if (known != events) {
            events = known;
            quietSince = machine;
            continue;
        }
        // What ticks alone has been looked at often, and there may be many ticks.
        int64_t needed = outlook.isTick ? quiet / 2 : quiet;
        if (outlook.isBusy || outlook.first == cvt_forever || machine - quietSince < needed) continue;
        // Twice, for what ran in between may have woken one that had been looked at.
        enum cvt_doing doing = cvt_asleep;
        bool isWaiter = true;
        char name[64] = "";
        for (int i = 0; i < 2 && doing == cvt_asleep; i++) doing = cvt_look(page, &isWaiter, name);
        if (doing == cvt_unreached) {
            summary->kept += passed;
            if (!*summary->keeper) memcpy(summary->keeper, name, sizeof name);
        }
        if (doing == cvt_awake && !isWaiter) quietSince = machine;
        if (doing != cvt_asleep || cvt_awaits_stranger(page, machine)) continue;
        if (atomic_load(&page->events) != events) continue;
        move(page, outlook.first, summary);
        quietSince = cvt_machine(CLOCK_MONOTONIC);
    }
    summary->hasJoined = page && atomic_load(&page->joined) > 0;
}
