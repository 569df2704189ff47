// The mock's side of the clock page.

#include "clock.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "names.h"

static struct cvt_page *_Atomic page;
static __thread struct cvt_waiter *own;

struct cvt_page *cvt_page(void) { return atomic_load_explicit(&page, memory_order_acquire); }

int cvt_make(const char *path) {
    int file = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file < 0) return errno;
    struct cvt_page *made = MAP_FAILED;
    if (ftruncate(file, sizeof *made) == 0) {
        made = mmap(NULL, sizeof *made, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    }
    int problem = made == MAP_FAILED ? errno : 0;
    close(file);
    if (problem) return problem;
    made->version = CVT_VERSION;
    made->size = sizeof *made;
    made->magic = CVT_MAGIC;
    atomic_store(&page, made);
    return 0;
}

int64_t cvt_monotonic(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    int64_t machine = time.tv_sec * cvt_second + time.tv_nsec;
    struct cvt_page *its = cvt_page();
    return its ? machine + atomic_load_explicit(&its->offset, memory_order_acquire) : machine;
}

bool cvt_is_on(void) { return cvt_page() != NULL; }

void cvt_add_mock_port(uint16_t port) {
    struct cvt_page *its = cvt_page();
    for (int i = 0; its && i < 4; i++) {
        uint32_t none = 0;
        if (atomic_compare_exchange_strong(&its->mockPorts[i], &none, port)) return;
    }
}

int64_t cvt_wait_until(int64_t end) {
    struct cvt_page *its = cvt_page();
    if (!its) return INT64_MAX;
    if (!own) own = cvt_claim(its, cvt_this_thread());
    // The same again is nothing new.
    if (own && atomic_load(&own->end) != end) cvt_set(its, own, end == cvt_forever ? cvt_none : cvt_timed, end);
    return cvt_millisecond;
}

int cvt_add_due(int64_t end) {
    struct cvt_page *its = cvt_page();
    if (!its) return -1;
    struct cvt_waiter *waiter = cvt_claim(its, cvt_owner((uint32_t)getpid(), CVT_TIMER_PART));
    if (!waiter) return -1;
    cvt_set(its, waiter, cvt_timed, end);
    return (int)(waiter - its->waiters);
}

void cvt_remove_due(int due) {
    struct cvt_page *its = cvt_page();
    if (its && due >= 0 && due < cvt_waiter_limit) cvt_give_back(its, &its->waiters[due]);
}
