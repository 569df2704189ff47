// Between the files of this target.

#pragma once

#include <stdbool.h>
#include <stddef.h>

/// Looks at what a socket of a watched thread brought.
///
/// Returns false when the library is to be told that the connection broke.
bool cmhd_look_at(int socket, const void *bytes, size_t count);
