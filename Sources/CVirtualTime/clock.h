#pragma once

#include "include/CVirtualTime.h"
#include "page.h"

/// The page of this process, or NULL.
struct cvt_page *cvt_page(void);

/// What the processes of the command do.
enum cvt_doing {
    /// All of their threads sleep.
    cvt_asleep,
    /// Something runs.
    cvt_awake,
    /// A process is there that does not share the clock.
    cvt_unreached,
    /// No process of the command has joined.
    cvt_alone,
};

/// Looks at every thread of this process and of those below it, but for the caller's.
///
/// \param isWaiter Set to whether what runs was waiting with an end: then it only looks at the clock.
/// \param name Set to the name of a process that does not share the clock.
enum cvt_doing cvt_look(struct cvt_page *page, bool *isWaiter, char name[64]);

/// Gives back the slots of processes and threads that are no more.
void cvt_sweep(struct cvt_page *page);

/// Whether a connection to somebody else than the mock waits for an answer.
bool cvt_awaits_stranger(struct cvt_page *page, int64_t machine);
