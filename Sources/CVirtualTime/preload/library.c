// Finds the page, and keeps the slots of this process.

#include "library.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>

#include "../names.h"
#include "redirect.h"
#include "state.h"

/// A wait that is shorter, and comes again at once to the same place, may be a runtime's own.
static const int64_t tickLimit = 500 * 1000000;
/// How often it has to come again.
enum { tickCount = 32 };

enum { isUnknown, isSearching, isFound, isMissing };
static _Atomic int state;
static struct cvt_page *page;
static __thread struct cvt_waiter *own __attribute__((tls_model("initial-exec")));
static _Atomic bool processActed;
static __thread bool hasActed __attribute__((tls_model("initial-exec")));

static struct cvt_page *map(const char *path) {
    long file = cvt_raw(SYS_openat, AT_FDCWD, (long)path, O_RDWR | O_CLOEXEC, 0, 0, 0);
    if (file < 0) return NULL;
    long place = cvt_raw(
        SYS_mmap, 0, sizeof(struct cvt_page), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    cvt_raw(SYS_close, file, 0, 0, 0, 0, 0);
    if (place < 0 && place > -4096) return NULL;
    struct cvt_page *found = (struct cvt_page *)place;
    bool isOurs = found->magic == CVT_MAGIC && found->version == CVT_VERSION && found->size == sizeof *found;
    return isOurs ? found : NULL;
}

static void forked(void) {
    vt_forget_timers();
    own = NULL;
    vt_join();
}

struct cvt_page *vt_page(void) {
    int known = atomic_load_explicit(&state, memory_order_acquire);
    if (known == isFound) return page;
    if (known != isUnknown || !environ) return NULL;
    if (!atomic_compare_exchange_strong(&state, &known, isSearching)) return NULL;
    const char *path = getenv(CVT_PAGE_VARIABLE);
    page = path && *path ? map(path) : NULL;
    atomic_store(&state, page ? isFound : isMissing);
    if (!page) return NULL;
    atomic_fetch_add(&page->joined, 1);
    vt_join();
    pthread_atfork(NULL, NULL, forked);
    return page;
}

__attribute__((constructor)) static void start(void) {
    vt_look_up();
    vt_read_redirect();
    vt_page();
}

// MARK: Processes

void vt_join(void) {
    char path[1024];
    long length = cvt_raw(SYS_readlinkat, AT_FDCWD, (long)"/proc/self/exe", (long)path, sizeof path, 0, 0);
    uint64_t program = cvt_hash(path, length > 0 ? (size_t)length : 0);
    uint32_t number = (uint32_t)cvt_raw(SYS_getpid, 0, 0, 0, 0, 0, 0);
    uint32_t used = atomic_load(&page->processesUsed);
    for (uint32_t i = 0; i < used && i < cvt_process_limit; i++) {
        if (atomic_load(&page->processes[i].number) == number) {
            atomic_store(&page->processes[i].program, program);
            return;
        }
    }
    for (uint32_t i = 0; i < cvt_process_limit; i++) {
        uint32_t none = 0;
        if (!atomic_compare_exchange_strong(&page->processes[i].number, &none, number)) continue;
        atomic_store(&page->processes[i].program, program);
        used = atomic_load(&page->processesUsed);
        while (used < i + 1 && !atomic_compare_exchange_weak(&page->processesUsed, &used, i + 1)) {}
        return;
    }
}

void vt_leave(void) {
    uint32_t number = (uint32_t)cvt_raw(SYS_getpid, 0, 0, 0, 0, 0, 0);
    uint32_t used = atomic_load(&page->processesUsed);
    for (uint32_t i = 0; i < used && i < cvt_process_limit; i++) {
        if (atomic_load(&page->processes[i].number) == number) atomic_store(&page->processes[i].program, 0);
    }
}

// MARK: Waits

static struct cvt_waiter *slot(void) {
    uint64_t owner = cvt_this_thread();
    if (own && atomic_load_explicit(&own->owner, memory_order_relaxed) == owner) return own;
    return own = cvt_claim(page, owner);
}

/// Says whether a wait of this thread decides how far the clock is moved.
static enum cvt_pace paceOf(struct cvt_waiter *waiter, int64_t length, uint64_t place) {
    bool comesAgain = waiter->place == place && length <= tickLimit && !hasActed;
    waiter->repeats = comesAgain ? waiter->repeats + 1 : 0;
    waiter->place = place;
    hasActed = false;
    uint64_t owner = atomic_load_explicit(&waiter->owner, memory_order_relaxed);
    // A program's first thread is its own.
    if (owner >> 32 == (uint32_t)owner) return cvt_sets_pace;
    char name[16] = "";
    cvt_raw(SYS_prctl, PR_GET_NAME, (long)name, 0, 0, 0, 0);
    if (cvt_is_runtime_thread(name)) return cvt_is_passed;
    return waiter->repeats >= tickCount ? cvt_ticks : cvt_sets_pace;
}

static void begin(struct vt_wait *wait, struct cvt_page *its) {
    wait->page = its;
    wait->began = cvt_machine(CLOCK_MONOTONIC);
    wait->waiter = slot();
    if (!wait->waiter) return;
    wait->outerKind = atomic_load(&wait->waiter->kind);
    wait->outerPace = atomic_load(&wait->waiter->pace);
    wait->outerEnd = atomic_load(&wait->waiter->end);
}

void vt_begin(struct vt_wait *wait, struct cvt_page *its, int64_t end, uint64_t place) {
    wait->end = end;
    begin(wait, its);
    if (!wait->waiter) return;
    int64_t length = end == cvt_forever ? end : end - wait->began - atomic_load(&its->offset);
    atomic_store(&wait->waiter->pace, paceOf(wait->waiter, length, place));
    cvt_set(its, wait->waiter, end == cvt_forever ? cvt_none : cvt_timed, end);
}

void vt_begin_work(struct vt_wait *wait, struct cvt_page *its) {
    wait->end = cvt_forever;
    begin(wait, its);
    if (wait->waiter) cvt_set(its, wait->waiter, cvt_work, cvt_forever);
    hasActed = true;
}

void vt_end(struct vt_wait *wait) {
    if (!wait->waiter) return;
    cvt_set(wait->page, wait->waiter, wait->outerKind, wait->outerEnd);
    atomic_store(&wait->waiter->pace, wait->outerPace);
}

bool vt_is_over(const struct vt_wait *wait) { return wait->end != cvt_forever && cvt_now(wait->page) >= wait->end; }

int64_t vt_slice(struct vt_wait *wait) {
    if (vt_has_timers()) vt_settle_timers(wait->page);
    int64_t now = cvt_machine(CLOCK_MONOTONIC);
    // The more wait, the less often each looks, so that all are seen asleep; and who waits long has no hurry.
    int64_t slice = cvt_millisecond + atomic_load(&wait->page->waitersUsed) * INT64_C(20000);
    if (now - wait->began > 200 * cvt_millisecond) slice *= 3;
    if (wait->end == cvt_forever) return slice;
    int64_t rest = wait->end - now - atomic_load(&wait->page->offset);
    return rest <= 0 ? 0 : rest < slice ? rest : slice;
}

int vt_sleep(struct cvt_page *its, int64_t end, uint64_t place) {
    struct vt_wait wait;
    vt_begin(&wait, its, end, place);
    _Atomic uint32_t unused = 0;
    _Atomic uint32_t *bell = wait.waiter ? &wait.waiter->bell : &unused;
    int result = 0;
    while (true) {
        uint32_t heard = atomic_load(bell);
        int64_t rest = end - cvt_now(its);
        if (rest <= 0) break;
        if (!wait.waiter && rest > 4 * cvt_millisecond) rest = 4 * cvt_millisecond;
        struct timespec time = vt_timespec(rest);
        if (cvt_raw(SYS_futex, (long)bell, FUTEX_WAIT, heard, (long)&time, 0, 0) == -EINTR) {
            result = EINTR;
            break;
        }
    }
    vt_end(&wait);
    return result;
}

void vt_acted(void) {
    hasActed = true;
    if (!atomic_load_explicit(&processActed, memory_order_relaxed)) atomic_store(&processActed, true);
}

bool vt_process_acted(void) { return atomic_exchange(&processActed, false); }

// MARK: Clocks

bool vt_is_moved(clockid_t clock) {
    return clock >= 0 && clock != CLOCK_PROCESS_CPUTIME_ID && clock != CLOCK_THREAD_CPUTIME_ID;
}

int64_t vt_after(struct cvt_page *its, int64_t nanoseconds) {
    int64_t sum;
    return __builtin_add_overflow(cvt_now(its), nanoseconds, &sum) ? cvt_forever : sum;
}

int64_t vt_moment(clockid_t clock, const struct timespec *time) {
    int64_t moment = vt_nanoseconds(time);
    if (moment == cvt_forever) return cvt_forever;
    if (clock == CLOCK_MONOTONIC) return moment;
    int64_t ahead = cvt_machine(clock) - cvt_machine(CLOCK_MONOTONIC);
    int64_t difference;
    return __builtin_sub_overflow(moment, ahead, &difference) ? cvt_forever : difference;
}
