#include "library.h"

#define VT_DEFINE(name) __typeof__(&name) vt_next_##name;
VT_FUNCTIONS(VT_DEFINE)

#define VT_LOOK_UP(name) vt_next_##name = (__typeof__(&name))dlsym(RTLD_NEXT, #name);

void vt_look_up(void) { VT_FUNCTIONS(VT_LOOK_UP) }
