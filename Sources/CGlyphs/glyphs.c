#define _GNU_SOURCE

#include "CGlyphs.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static const uint8_t nothing[1];

// The largest file that is read, in bytes: the real ones have 4 MB.
#define LIMIT (32 << 20)

// Read, not mapped: whoever replaces the file takes nothing away from a picture that is being drawn.
static cglyphs_file contents(const char *path) {
    cglyphs_file file = {nothing, 0};
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0) return file;
    struct stat status;
    uint8_t *bytes = NULL;
    if (fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode) && status.st_size > 0 && status.st_size <= LIMIT) {
        bytes = malloc((size_t)status.st_size);
    }
    size_t length = 0;
    while (bytes && length < (size_t)status.st_size) {
        ssize_t count = read(descriptor, bytes + length, (size_t)status.st_size - length);
        if (count <= 0) break;
        length += (size_t)count;
    }
    close(descriptor);
    if (bytes && length == (size_t)status.st_size) return (cglyphs_file){bytes, length};
    free(bytes);
    return file;
}

cglyphs_file cglyphs_hex(void) { return contents("/usr/share/unifont/unifont.hex"); }

cglyphs_file cglyphs_outlines(void) { return contents("/usr/share/fonts/opentype/unifont/unifont_upper.otf"); }
