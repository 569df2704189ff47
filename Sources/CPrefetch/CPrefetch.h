// What a processor is told of memory beforehand.

#ifndef CPREFETCH_H
#define CPREFETCH_H

#include <stddef.h>

/// Has memory on its way to this processor, to be written soon; never fails, wherever the address leads.
static inline void cprefetch_for_writing(const void *_Nullable address, size_t count) {
    const char *line = (const char *)address;
    for (size_t offset = 0; offset < count; offset += 64) {
#if defined(__x86_64__)
        // The builtin asks for it to be read only, unless a newer processor is the least that there may be.
        __asm__ volatile("prefetchw %0" : : "m"(line[offset]));
#else
        __builtin_prefetch(line + offset, 1);
#endif
    }
}

#endif
