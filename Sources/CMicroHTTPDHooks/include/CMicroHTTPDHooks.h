// What libmicrohttpd decides without asking, decided here.
//
// The library calls some of its own public functions through the dynamic linker, and there a definition in the program
// goes first. So two of them are defined in this target: how it looks up the fields that frame a body, and how it queues
// an answer. Only threads that called `cmhd_watch` are affected; on all others the library works as it always does.

#pragma once

#include <stdbool.h>

/// Called when the library itself answers a request: it was malformed, or too large.
///
/// Returns a response (`struct MHD_Response *`) to send instead, which is given away, or NULL for the library's own.
typedef void *_Nullable (*cmhd_refusal)(void *_Nonnull connection, unsigned int status);

/// Lets the calling thread's daemons be told of what the library answers by itself; NULL ends it.
///
/// On such a thread the library also
/// - takes blanks behind a Content-Length and behind `chunked`, which RFC 9110 §5.5 does not count to the value,
/// - sees no Content-Length that is malformed or beyond 2^63-1, so that the handler refuses it: 0.9.75 itself would send
///   the head of its answer twice,
/// - reads no cookies, whose records fill the connection's memory and are used by nobody.
void cmhd_watch(cmhd_refusal _Nullable refusal);

/// `MHD_queue_response` for answers of the program's own.
bool cmhd_queue(void *_Nonnull connection, unsigned int status, void *_Nonnull response);
