// Looks at the threads of a command by /proc: whether they run, and whether their processes share the clock.

#include "clock.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "names.h"

/// The most processes that are looked at, and how deep they may lie: against trees that grow while they are read.
enum { lookLimit = 4096 };

struct look {
    struct cvt_page *page;
    uint32_t own;
    uint32_t count, joined;
    bool isAwake, isWaiter;
    char *name;
    uint32_t list[lookLimit];
};

bool cvt_has_capabilities(int file) { return fgetxattr(file, "security.capability", NULL, 0) > 0; }

void cvt_adopt_orphans(void) { prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); }

/// Reads a small file; returns the number of bytes, which a NUL follows, or -1.
static ssize_t readFile(const char *path, char *bytes, size_t size) {
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return -1;
    ssize_t count = read(file, bytes, size - 1);
    close(file);
    if (count >= 0) bytes[count] = 0;
    return count;
}

static bool isWaiting(struct cvt_page *page, uint32_t process, uint32_t thread) {
    uint64_t owner = cvt_owner(process, thread);
    uint32_t used = atomic_load(&page->waitersUsed);
    for (uint32_t i = 0; i < used; i++) {
        struct cvt_waiter *waiter = &page->waiters[i];
        if (atomic_load_explicit(&waiter->owner, memory_order_relaxed) != owner) continue;
        return atomic_load(&waiter->kind) == cvt_timed;
    }
    return false;
}

/// Reads a thread's state: a letter, or 0 when it has ended.
static char stateOf(uint32_t process, uint32_t thread, char name[64]) {
    char path[64], text[512];
    snprintf(path, sizeof path, "/proc/%u/task/%u/stat", process, thread);
    if (readFile(path, text, sizeof text) <= 0) return 0;
    // The name stands in parentheses and may hold some.
    char *begin = strchr(text, '('), *end = strrchr(text, ')');
    if (!begin || !end || end[1] != ' ') return 0;
    if (name && begin < end) snprintf(name, 64, "%.*s", (int)(end - begin - 1), begin + 1);
    return end[2];
}

static void addChildren(struct look *look, uint32_t process, uint32_t thread) {
    char path[64], text[8192];
    snprintf(path, sizeof path, "/proc/%u/task/%u/children", process, thread);
    if (readFile(path, text, sizeof text) <= 0) return;
    for (char *next = text; look->count < lookLimit;) {
        char *end;
        unsigned long number = strtoul(next, &end, 10);
        if (end == next) return;
        look->list[look->count++] = (uint32_t)number;
        next = end;
    }
}

static bool hasJoined(struct cvt_page *page, uint32_t process) {
    uint64_t program = 0;
    uint32_t used = atomic_load(&page->processesUsed);
    for (uint32_t i = 0; i < used && i < cvt_process_limit; i++) {
        if (atomic_load(&page->processes[i].number) == process) program = atomic_load(&page->processes[i].program);
    }
    if (!program) return false;
    char path[32], target[1024];
    snprintf(path, sizeof path, "/proc/%u/exe", process);
    ssize_t length = readlink(path, target, sizeof target);
    return length > 0 && cvt_hash(target, (size_t)length) == program;
}

/// Looks at one process; returns false when it is there but not reached.
static bool lookAt(struct look *look, uint32_t process, uint32_t except) {
    char path[32], name[64] = "";
    snprintf(path, sizeof path, "/proc/%u/task", process);
    DIR *folder = opendir(path);
    if (!folder) return true;
    bool isGone = true;
    struct dirent *entry;
    while ((entry = readdir(folder))) {
        uint32_t thread = (uint32_t)strtoul(entry->d_name, NULL, 10);
        if (!thread) continue;
        char state = stateOf(process, thread, thread == process ? name : NULL);
        if (state == 0 || state == 'Z' || state == 'X' || state == 'x') continue;
        isGone = false;
        addChildren(look, process, thread);
        if (thread == except || state == 'S' || state == 'I') continue;
        look->isAwake = true;
        if (!isWaiting(look->page, process, thread)) look->isWaiter = false;
    }
    closedir(folder);
    if (isGone || process == look->own) return true;
    if (hasJoined(look->page, process)) {
        look->joined++;
        return true;
    }
    snprintf(look->name, 64, "%s", name);
    return false;
}

enum cvt_doing cvt_look(struct cvt_page *page, bool *isWaiter, char name[64]) {
    static struct look look;
    look.page = page;
    look.own = (uint32_t)getpid();
    look.count = look.joined = 0;
    look.isAwake = false;
    look.isWaiter = true;
    look.name = name;
    bool areReached = lookAt(&look, look.own, (uint32_t)gettid());
    for (uint32_t i = 0; i < look.count && areReached; i++) areReached = lookAt(&look, look.list[i], 0);
    *isWaiter = look.isWaiter;
    if (!areReached) return cvt_unreached;
    if (look.isAwake) return cvt_awake;
    return look.joined ? cvt_asleep : cvt_alone;
}

void cvt_sweep(struct cvt_page *page) {
    uint32_t used = atomic_load(&page->waitersUsed);
    for (uint32_t i = 0; i < used; i++) {
        uint64_t owner = atomic_load(&page->waiters[i].owner);
        if (!owner) continue;
        pid_t process = (pid_t)(owner >> 32);
        uint32_t part = (uint32_t)owner;
        long signalled = part & CVT_TIMER_PART ? kill(process, 0) : tgkill(process, (pid_t)part, 0);
        if (signalled != 0 && errno == ESRCH) {
            atomic_store(&page->waiters[i].kind, cvt_none);
            atomic_compare_exchange_strong(&page->waiters[i].owner, &owner, 0);
        }
    }
    used = atomic_load(&page->processesUsed);
    for (uint32_t i = 0; i < used && i < cvt_process_limit; i++) {
        uint32_t number = atomic_load(&page->processes[i].number);
        if (number && kill((pid_t)number, 0) != 0 && errno == ESRCH) {
            atomic_store(&page->processes[i].program, 0);
            atomic_compare_exchange_strong(&page->processes[i].number, &number, 0);
        }
    }
}
