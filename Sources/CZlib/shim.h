#pragma once

#include <zlib.h>

/// `deflateInit2` is a macro, which Swift cannot call. This wrapper fixes what the pictures need: a raw deflate
/// stream (no header, no checksum), the fastest level, full window and memory.
static inline int czlib_start_raw_deflate(z_stream *_Nonnull stream) {
    return deflateInit2(stream, Z_BEST_SPEED, Z_DEFLATED, -15, 9, Z_DEFAULT_STRATEGY);
}
