// Names and words that the mock and the library must agree on.

#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/// The environment variable that names the page's file.
#define CVT_PAGE_VARIABLE "CLIPRISE_MOCK_TIME_PAGE"

/// The environment variable that says which name is led to the mock, and to which ports: `name=plain,secure`.
#define CVT_REDIRECT_VARIABLE "CLIPRISE_MOCK_REDIRECT"
/// What that name is answered with: one of the loopback's sixteen million addresses.
#define CVT_REDIRECT_ADDRESS "127.77.67.80"

/// FNV-1a.
static inline uint64_t cvt_hash(const char *bytes, size_t count) {
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < count; i++) hash = (hash ^ (uint8_t)bytes[i]) * UINT64_C(0x100000001b3);
    return hash;
}

/// Whether a thread of this name is one that a runtime keeps for itself, whose timers nobody waits for.
///
/// A name has 15 bytes at most. These are HotSpot's, which tick from every 50 ms to every few seconds, and Ruby's.
static inline bool cvt_is_runtime_thread(const char *name) {
    static const char *const begins[] = {
        "VM Periodic Tas", "VM Thread", "Monitor Deflati", "G1 ",             "GC Thread#",      "C1 CompilerThre",
        "C2 CompilerThre", "Sweeper thread", "Service Thread",  "Signal Dispatch", "Common-Cleaner",  "Reference Handl",
        "Finalizer",       "Notification Th", "ruby-timer-thr",
    };
    for (size_t i = 0; i < sizeof begins / sizeof *begins; i++) {
        if (strncmp(name, begins[i], strlen(begins[i])) == 0) return true;
    }
    return false;
}
