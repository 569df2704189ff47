// The glyphs of GNU Unifont, as Debian's packages unifont and fonts-unifont bring them, read when a prompt first needs
// them: built in they would be a fifth of the binary. Where they are not installed, the files are empty.

#pragma once

#include <stddef.h>
#include <stdint.h>

typedef struct {
    const uint8_t *_Nonnull bytes;
    size_t length;
} cglyphs_file;

/// The glyphs of U+0000–U+FFFF as text, a line each, in the order of their numbers: `0041:` and 32 or 64 hexadecimal
/// digits, the rows from top to bottom of 8 or 16 pixels.
///
/// Read anew with each call; the memory is never given back.
cglyphs_file cglyphs_hex(void);

/// The glyphs of U+10000 and above as an OpenType font with outlines along the edges of pixels.
cglyphs_file cglyphs_outlines(void);
