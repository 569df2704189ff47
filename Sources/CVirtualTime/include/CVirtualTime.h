#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Makes the clock page as a file that did not exist, and uses it for this process; one for the process's life.
///
/// \returns 0, or an error number.
int cvt_make(const char *_Nonnull path);

/// Nanoseconds on the monotonic clock: the page's when there is one, else the machine's.
int64_t cvt_monotonic(void);

/// Whether there is a page.
bool cvt_is_on(void);

/// Names a port that the mock answers on, in host order; the first four count.
void cvt_add_mock_port(uint16_t port);

/// Says until when this thread waits, on `cvt_monotonic`; `INT64_MAX` for no end.
///
/// \returns The most nanoseconds to wait at a time, so that a movement of the clock is seen; `INT64_MAX` without a
/// page.
int64_t cvt_wait_until(int64_t end);

/// Says that something is due, on `cvt_monotonic`, that no thread waits for: time stops there.
///
/// \returns Its number for `cvt_remove_due`, or -1 without a page or when there are too many.
int cvt_add_due(int64_t end);
void cvt_remove_due(int due);

/// How a command went, as far as time goes.
struct cvt_summary {
    /// How often the clock was moved, and how far in nanoseconds.
    uint64_t moves;
    int64_t moved;
    /// Nanoseconds that a process without the library kept the clock from being moved, and the first such process.
    int64_t kept;
    char keeper[64];
    /// Whether any process has loaded the library.
    bool hasJoined;
};

/// Moves the clock, when nobody does anything, for the processes below this one, until `cvt_stop`.
///
/// Never returns before; to be called on a thread of its own. When the command runs for two seconds and no process of
/// it has loaded the library, this process gets SIGTERM.
void cvt_conduct(struct cvt_summary *_Nonnull summary);
void cvt_stop(void);

/// Whether an open file has capabilities that its program is given.
bool cvt_has_capabilities(int file);

/// Makes orphans of the command children of this process, so that they are still seen.
void cvt_adopt_orphans(void);

#ifdef __cplusplus
}
#endif
