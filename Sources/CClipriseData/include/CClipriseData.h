#pragma once

#include <stddef.h>
#include <stdint.h>

/// A file that is built into the binary.
typedef struct {
    /// The file's name without its folder.
    const char *_Nonnull name;
    const uint8_t *_Nonnull bytes;
    size_t length;
} cdata_file;

/// The number of files of `fixtures/helpers`.
int cdata_helper_count(void);

/// The helper at `index` (0-based); its name is the word that users ask for, in alphabetical order.
cdata_file cdata_helper_file(int index);

/// The commit that this source is of, as 40 hexadecimal digits; empty in a build from a working tree.
const char *_Nonnull cdata_commit(void);
