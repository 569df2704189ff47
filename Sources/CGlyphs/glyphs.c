#include "CGlyphs.h"

#if defined(__has_embed)
#if __has_embed("/usr/share/unifont/unifont.hex")
#define HAS_HEX 1
static const uint8_t hex[] = {
#embed "/usr/share/unifont/unifont.hex"
};
#endif
#if __has_embed("/usr/share/fonts/opentype/unifont/unifont_upper.otf")
#define HAS_OUTLINES 1
static const uint8_t outlines[] = {
#embed "/usr/share/fonts/opentype/unifont/unifont_upper.otf"
};
#endif
#endif

static const uint8_t nothing[1];

cglyphs_file cglyphs_hex(void) {
#ifdef HAS_HEX
    return (cglyphs_file){hex, sizeof hex};
#else
    return (cglyphs_file){nothing, 0};
#endif
}

cglyphs_file cglyphs_outlines(void) {
#ifdef HAS_OUTLINES
    return (cglyphs_file){outlines, sizeof outlines};
#else
    return (cglyphs_file){nothing, 0};
#endif
}
