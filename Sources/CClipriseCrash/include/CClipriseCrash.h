// The last words of a program that a fault of its own, or a signal from outside, ends.

#pragma once

#include <stddef.h>

/// Writes one line on standard error when a fault signal (SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSEGV, SIGSYS, SIGTRAP) or
/// SIGQUIT comes, or another signal that would end the process without a word (SIGUSR1, SIGALRM, SIGXCPU, …): which it
/// was, and what the thread was doing. Then the process ends by that same signal, at once. SIGXFSZ does nothing: the
/// write to a file that may not grow fails, and whoever wrote says so.
///
/// Goes before the Swift runtime's backtraces, which stop every thread for many seconds, unless SWIFT_BACKTRACE is set
/// in the environment; then those follow the line for a fault of the program's own.
void ccrash_install(const char *_Nonnull program);

/// Gives the calling thread a stack of its own for the last words, so that an overflow of its stack has some too.
void ccrash_prepare_thread(void);

/// Says what the calling thread does from now on; NULL when it does nothing in particular. Copied: at most 96 bytes,
/// and what is no printable ASCII is replaced. Cheap enough for each request.
void ccrash_doing(const char *_Nullable what, const void *_Nullable detail, size_t size);
