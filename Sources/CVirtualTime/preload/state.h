// What a child of `fork` must forget.

#pragma once

/// Lets go the timer descriptors that the parent follows the clock with.
void vt_forget_timers(void);
