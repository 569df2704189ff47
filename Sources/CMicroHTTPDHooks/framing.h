// Between the files of this target.

#pragma once

#include <stdbool.h>
#include <stddef.h>

/// Looks at what a socket of a watched thread brought.
///
/// Returns false when the library must be told that the connection broke.
bool cmhd_look_at(int socket, const void *bytes, size_t count);

/// Has the memory on its way to the processor that will be read when a socket has brought something: with many connections
/// it lies far off, and the system is asked meanwhile.
///
/// - bytes: Where they will be written.
void cmhd_fetch(int socket, const void *bytes);

/// Notes what a socket brought, before it is looked at.
///
/// Returns how many bytes at its start are the head that was kept, and so need no look.
size_t cmhd_take_head(int socket, const void *bytes, size_t count);
