// What a processor is told of memory beforehand.

#ifndef CPREFETCH_H
#define CPREFETCH_H

#include <stddef.h>
#include <stdint.h>

/// Has memory on its way to this processor, to be written soon; never fails, wherever the address leads.
static inline void cprefetch_for_writing(const void *_Nullable address, size_t count) {
    const char *end = (const char *)address + count;
    // From the start of the first line on, so that the last one is not left out.
    for (const char *line = (const char *)((uintptr_t)address & ~(uintptr_t)63); line < end; line += 64) {
#if defined(__x86_64__)
        // The builtin asks for it to be read only, unless a newer processor is the least that there may be.
        __asm__ volatile("prefetchw %0" : : "m"(*line));
#else
        __builtin_prefetch(line, 1);
#endif
    }
}

#endif
