// What a processor is told of memory beforehand.

#ifndef CPREFETCH_H
#define CPREFETCH_H

#include <stddef.h>
#include <stdint.h>

/// Has memory on its way to this processor, to be written soon; never fails, wherever the address leads.
static inline void cprefetch_for_writing(const void *_Nullable address, size_t count) {
    // From the start of the first line on, so that the last one is not left out. By number: the end may lie beyond what the
    // memory is part of.
    uintptr_t start = (uintptr_t)address, end = start + count;
    for (uintptr_t line = start & ~(uintptr_t)63; line < end; line += 64) {
#if defined(__x86_64__)
        // The builtin asks for it to be read only, unless a newer processor is the least that there may be.
        __asm__ volatile("prefetchw %0" : : "m"(*(const char *)line));
#else
        __builtin_prefetch((const void *)line, 1);
#endif
    }
}

#endif
