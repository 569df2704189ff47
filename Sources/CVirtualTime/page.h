// The clock page: one file that the mock and every process of a command map, and that says what time it is.
//
// Processes write only slots that they own; the mock alone moves time. So a process that dies at any moment leaves
// nothing locked, and the mock takes its slots back.

#pragma once

#include <linux/futex.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <time.h>

#include "raw.h"

/// The lower halves of owners that are no threads.
#define CVT_TIMER_PART 0x80000000u
#define CVT_ALARM_PART 0xffffffffu

/// The first bytes of a page, and its version: the library and the mock are of one build.
#define CVT_MAGIC UINT64_C(0x656d69742d707363)
#define CVT_VERSION 1

enum {
    /// The most threads, alarms and timers that wait at once; further ones are not seen.
    cvt_waiter_limit = 4096,
    /// The most processes of a command at once; further ones are taken for such that do not share the clock.
    cvt_process_limit = 1024,
    /// The most connections to others than the mock that are looked after at once.
    cvt_peer_limit = 256,
    /// The most ports that the command itself listens on.
    cvt_port_limit = 64,
};

static const int64_t cvt_second = 1000000000;
static const int64_t cvt_millisecond = 1000000;
/// The end of a wait without end.
static const int64_t cvt_forever = INT64_MAX;
/// The latest moment that the clock is moved to, 146 years from the start of the machine: a wait that ends later is one
/// without end, and what is added to a moment before it stays a number.
static const int64_t cvt_latest = INT64_MAX / 2;

/// What a slot says.
enum cvt_kind {
    /// Its owner is not waiting.
    cvt_none,
    /// A thread waits until `end`, or until something happens before.
    cvt_timed,
    /// A thread waits for somebody who does not know the clock: time may not be moved.
    cvt_work,
    /// A process must get SIGALRM at `end`.
    cvt_alarm,
    /// A timer descriptor of a process fires at `end`.
    cvt_timer,
};

/// Whether a wait decides how far the clock is moved.
enum cvt_pace {
    /// Not: it is a runtime's own.
    cvt_is_passed,
    cvt_sets_pace,
    /// Only without any that sets the pace: it ticks, and nobody is seen to wait for it.
    cvt_ticks,
};

/// One wait.
struct cvt_waiter {
    /// The process number in the upper half, the thread's in the lower; 0 when the slot is free.
    _Atomic uint64_t owner;
    _Atomic uint32_t kind;
    /// Changed, and then woken as a futex, when `end` has come.
    _Atomic uint32_t bell;
    /// Nanoseconds on the page's clock.
    _Atomic int64_t end;
    /// Nanoseconds from one alarm to the next; 0 when there is but one.
    _Atomic int64_t interval;
    /// A `cvt_pace`.
    _Atomic uint32_t pace;
    uint32_t repeats;
    uint64_t place;
    /// When the mock first saw the wait overdue, on the machine's clock.
    _Atomic int64_t overdueSince;
};

/// A process that has loaded the library.
struct cvt_process {
    /// 0 when the slot is free.
    _Atomic uint32_t number;
    /// A hash of the program's path: another program in the same process has not loaded it yet.
    _Atomic uint64_t program;
};

/// A connection to somebody else than the mock.
struct cvt_peer {
    /// 0 free, 1 being written, 2 in use.
    _Atomic uint32_t state;
    /// What was done last, as far as it was seen: 1 sent, 2 received, 0 nothing.
    _Atomic uint32_t last;
    /// The descriptor in the process that made it.
    int32_t descriptor;
    uint8_t family, isDatagram;
    /// In network order, as in the addresses.
    uint16_t localPort, peerPort;
    uint8_t local[16], peer[16];
    /// When it was made, on the machine's clock.
    int64_t since;
};

struct cvt_page {
    uint64_t magic;
    uint32_t version, size;
    /// The mock's ports, in host order; 0 for none.
    _Atomic uint32_t mockPorts[4];
    /// Nanoseconds that the clocks of the page are ahead of the machine's.
    _Atomic int64_t offset;
    /// Counts the movements of the clock.
    _Atomic uint32_t moves;
    /// Counts what happens: each wait that begins or ends.
    _Atomic uint32_t events;
    /// Slots from here on were never used.
    _Atomic uint32_t waitersUsed, processesUsed;
    /// How many programs have loaded the library, ever.
    _Atomic uint32_t joined;
    /// Ports that processes of the command listen on, in host order.
    _Atomic uint32_t ports[cvt_port_limit];
    struct cvt_waiter waiters[cvt_waiter_limit];
    struct cvt_process processes[cvt_process_limit];
    struct cvt_peer peers[cvt_peer_limit];
};

/// Nanoseconds on one of the machine's clocks.
static inline int64_t cvt_machine(clockid_t clock) {
    struct timespec time;
    cvt_raw(SYS_clock_gettime, clock, (long)&time, 0, 0, 0, 0);
    return time.tv_sec * cvt_second + time.tv_nsec;
}

/// Nanoseconds on the page's monotonic clock.
static inline int64_t cvt_now(struct cvt_page *page) {
    return cvt_machine(CLOCK_MONOTONIC) + atomic_load_explicit(&page->offset, memory_order_acquire);
}

static inline uint64_t cvt_owner(uint32_t process, uint32_t part) { return (uint64_t)process << 32 | part; }

static inline uint64_t cvt_this_thread(void) {
    return cvt_owner((uint32_t)cvt_raw(SYS_getpid, 0, 0, 0, 0, 0, 0), (uint32_t)cvt_raw(SYS_gettid, 0, 0, 0, 0, 0, 0));
}

/// Takes a free slot; NULL when all are in use.
static inline struct cvt_waiter *cvt_claim(struct cvt_page *page, uint64_t owner) {
    uint32_t start = (uint32_t)owner * 2654435761u;
    uint32_t used = atomic_load(&page->waitersUsed);
    for (uint32_t i = 0; i < cvt_waiter_limit; i++) {
        // First one of those that were used before: few slots are quickly looked through.
        uint32_t index = i < used ? (start % used + i) % used : i;
        struct cvt_waiter *waiter = &page->waiters[index];
        uint64_t none = 0;
        if (atomic_load_explicit(&waiter->owner, memory_order_relaxed) != 0) continue;
        if (!atomic_compare_exchange_strong(&waiter->owner, &none, owner)) continue;
        atomic_store(&waiter->kind, cvt_none);
        atomic_store(&waiter->pace, cvt_sets_pace);
        waiter->repeats = 0;
        waiter->place = 0;
        atomic_store(&waiter->overdueSince, 0);
        uint32_t known = atomic_load(&page->waitersUsed);
        while (known < index + 1 && !atomic_compare_exchange_weak(&page->waitersUsed, &known, index + 1)) {}
        return waiter;
    }
    return 0;
}

static inline void cvt_set(struct cvt_page *page, struct cvt_waiter *waiter, enum cvt_kind kind, int64_t end) {
    atomic_store(&waiter->end, end);
    atomic_store(&waiter->overdueSince, 0);
    atomic_store(&waiter->kind, kind);
    // What a runtime's own timers do is nothing that happens.
    if (atomic_load(&waiter->pace) == cvt_sets_pace) atomic_fetch_add(&page->events, 1);
}

static inline void cvt_give_back(struct cvt_page *page, struct cvt_waiter *waiter) {
    atomic_store(&waiter->kind, cvt_none);
    atomic_store(&waiter->owner, 0);
    atomic_fetch_add(&page->events, 1);
}
