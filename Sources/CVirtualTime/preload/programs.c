// Other programs: they get the library too, whatever environment they are given, for a command's time is one.

#include "library.h"

#include <alloca.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>

#include "../names.h"

static char preload[4096], pageVariable[4096];
static const char *library;

/// Keeps what to give other programs.
__attribute__((constructor)) static void keep(void) {
    const char *page = getenv(CVT_PAGE_VARIABLE);
    Dl_info facts;
    if (!vt_page() || !page || !dladdr((void *)keep, &facts) || !facts.dli_fname) return;
    if (strlen(page) + 64 > sizeof pageVariable || strlen(facts.dli_fname) + 64 > sizeof preload) return;
    strcpy(stpcpy(pageVariable, CVT_PAGE_VARIABLE "="), page);
    strcpy(stpcpy(preload, "LD_PRELOAD="), facts.dli_fname);
    library = preload + strlen("LD_PRELOAD=");
}

static size_t count(char *const list[]) {
    size_t result = 0;
    while (list && list[result]) result++;
    return result;
}

static bool begins(const char *text, const char *with) { return strncmp(text, with, strlen(with)) == 0; }

/// How many bytes the joined value of `LD_PRELOAD` takes; 0 when nothing needs to be changed.
static size_t missing(char *const list[]) {
    if (!library) return 0;
    bool hasPage = false;
    const char *others = NULL;
    for (size_t i = 0; list && list[i]; i++) {
        if (begins(list[i], CVT_PAGE_VARIABLE "=")) hasPage = true;
        if (begins(list[i], "LD_PRELOAD=")) others = list[i] + strlen("LD_PRELOAD=");
    }
    if (hasPage && others && strstr(others, library)) return 0;
    return strlen(preload) + (others ? strlen(others) : 0) + 2;
}

static void fill(char *const list[], char **filled, char *joined) {
    size_t length = 0;
    strcpy(joined, preload);
    for (size_t i = 0; list && list[i]; i++) {
        if (begins(list[i], CVT_PAGE_VARIABLE "=")) continue;
        if (begins(list[i], "LD_PRELOAD=")) {
            const char *others = list[i] + strlen("LD_PRELOAD=");
            if (strstr(others, library)) {
                strcpy(stpcpy(joined, "LD_PRELOAD="), others);
            } else if (*others) {
                strcat(strcat(joined, ":"), others);
            }
            continue;
        }
        filled[length++] = list[i];
    }
    filled[length++] = joined;
    filled[length++] = pageVariable;
    filled[length] = NULL;
}

/// Makes `environment` one that has the library, in memory of the caller's frame.
#define WITH_LIBRARY(environment)                                            \
    size_t size = missing(environment);                                      \
    if (size) {                                                              \
        char **filled = alloca((count(environment) + 3) * sizeof *filled);   \
        fill(environment, filled, alloca(size));                             \
        environment = filled;                                                \
    }

/// Calls one that does not come back, unless it fails.
#define REPLACE(call)                                                        \
    if (vt_page()) vt_leave();                                               \
    int result = call;                                                       \
    int error = errno;                                                       \
    if (vt_page()) vt_join();                                                \
    errno = error;                                                           \
    return result

STANDS_IN int execve(const char *path, char *const arguments[], char *const environment[]) {
    WITH_LIBRARY(environment);
    REPLACE(NEXT(execve)(path, arguments, environment));
}

STANDS_IN int execv(const char *path, char *const arguments[]) {
    char *const *environment = environ;
    WITH_LIBRARY(environment);
    REPLACE(NEXT(execve)(path, arguments, environment));
}

STANDS_IN int execvpe(const char *name, char *const arguments[], char *const environment[]) {
    WITH_LIBRARY(environment);
    REPLACE(NEXT(execvpe)(name, arguments, environment));
}

STANDS_IN int execvp(const char *name, char *const arguments[]) {
    char *const *environment = environ;
    WITH_LIBRARY(environment);
    REPLACE(NEXT(execvpe)(name, arguments, environment));
}

STANDS_IN int fexecve(int descriptor, char *const arguments[], char *const environment[]) {
    WITH_LIBRARY(environment);
    REPLACE(NEXT(fexecve)(descriptor, arguments, environment));
}

STANDS_IN int posix_spawn(
    pid_t *restrict process, const char *restrict path, const posix_spawn_file_actions_t *restrict actions,
    const posix_spawnattr_t *restrict attributes, char *const arguments[restrict], char *const environment[restrict]) {
    char *const *all = environment;
    WITH_LIBRARY(all);
    return NEXT(posix_spawn)(process, path, actions, attributes, arguments, all);
}

STANDS_IN int posix_spawnp(
    pid_t *restrict process, const char *restrict name, const posix_spawn_file_actions_t *restrict actions,
    const posix_spawnattr_t *restrict attributes, char *const arguments[restrict], char *const environment[restrict]) {
    char *const *all = environment;
    WITH_LIBRARY(all);
    return NEXT(posix_spawnp)(process, name, actions, attributes, arguments, all);
}
