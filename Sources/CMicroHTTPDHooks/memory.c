#define _GNU_SOURCE
#include "CMicroHTTPDHooks.h"

#include <link.h>
#include <malloc.h>
#include <pthread.h>
#include <sys/mman.h>
#include <unistd.h>

static void free_evenly(void) { (void)mallopt(M_MXFAST, 0); }

// glibc puts small pieces aside when they are freed, and joins all of them at once later, while whoever else wants memory
// of theirs waits: tens of milliseconds after a thread has let go of many accounts.
//
// Once: where the program allocates by other means (the thread sanitizer, jemalloc), the first call starts glibc's part,
// and two threads that start it both leave it when they end, which it takes for a fault and aborts.
void cmhd_free_evenly(void) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    (void)pthread_once(&once, free_evenly);
}

static int give_back(struct dl_phdr_info *info, size_t size, void *context) {
    (void)size;
    (void)context;
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *part = &info->dlpi_phdr[i];
        if (part->p_type != PT_LOAD || (part->p_flags & PF_X) == 0 || (part->p_flags & PF_W) != 0) continue;
        uintptr_t start = (info->dlpi_addr + part->p_vaddr) & ~(page - 1);
        uintptr_t end = info->dlpi_addr + part->p_vaddr + part->p_memsz;
        (void)madvise((void *)start, end - start, MADV_DONTNEED);
    }
    // The first is the program itself.
    return 1;
}

void cmhd_give_back_code(void) { (void)dl_iterate_phdr(give_back, NULL); }
