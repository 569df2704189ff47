// Counts the signals to conditions and futexes of this process.

#pragma once

#include "library.h"

enum { vt_signal_counts = 512 };
extern _Atomic uint32_t vt_counts[vt_signal_counts];

static inline _Atomic uint32_t *vt_count(const void *object) {
    uint64_t hash = (uint64_t)(uintptr_t)object * UINT64_C(0x9e3779b97f4a7c15);
    return &vt_counts[hash >> 32 & (vt_signal_counts - 1)];
}

/// Counts a signal. Two objects may share a count: a waiter is then woken once too often.
static inline void vt_signal(const void *object) { atomic_fetch_add(vt_count(object), 1); }
static inline uint32_t vt_signals(const void *object) { return atomic_load(vt_count(object)); }
