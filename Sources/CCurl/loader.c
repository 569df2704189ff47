#include "CCurl.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>

// First the one with the TLS library that is in the process already.
static const char *const libraries[] = {"libcurl-gnutls.so.4", "libcurl.so.4"};

#define EACH_FUNCTION(DO) \
    DO(global_init) DO(easy_init) DO(easy_cleanup) DO(easy_pause) DO(easy_strerror) DO(easy_setopt) DO(easy_getinfo) \
    DO(slist_append) DO(slist_free_all) DO(multi_init) DO(multi_cleanup) DO(multi_add_handle) \
    DO(multi_remove_handle) DO(multi_perform) DO(multi_poll) DO(multi_wakeup) DO(multi_info_read) DO(multi_setopt)

#define MEMBER(name) typeof(curl_##name) *name;
static struct {
    EACH_FUNCTION(MEMBER)
} curl;

static pthread_once_t once = PTHREAD_ONCE_INIT;
static char problem[256];

static void load(void) {
    void *library = NULL;
    for (size_t index = 0; library == NULL && index < sizeof libraries / sizeof *libraries; index++) {
        library = dlopen(libraries[index], RTLD_LAZY | RTLD_LOCAL);
    }
    if (library == NULL) {
        snprintf(problem, sizeof problem, "%s is not installed (on Debian: libcurl3-gnutls)", libraries[0]);
        return;
    }
#define FIND(name) \
    if ((curl.name = (typeof(curl_##name) *)dlsym(library, "curl_" #name)) == NULL) { \
        snprintf(problem, sizeof problem, "this libcurl is too old: it has no curl_" #name); \
        return; \
    }
    EACH_FUNCTION(FIND)
}

const char *ccurl_load(void) {
    pthread_once(&once, load);
    return *problem ? problem : NULL;
}

CURLcode ccurl_global_init(long flags) {
    return curl.global_init(flags);
}

CURL *ccurl_easy_init(void) {
    return curl.easy_init();
}

void ccurl_easy_cleanup(CURL *easy) {
    curl.easy_cleanup(easy);
}

CURLcode ccurl_easy_pause(CURL *easy, int bits) {
    return curl.easy_pause(easy, bits);
}

const char *ccurl_easy_strerror(CURLcode code) {
    return curl.easy_strerror(code);
}

struct curl_slist *ccurl_slist_append(struct curl_slist *list, const char *text) {
    return curl.slist_append(list, text);
}

void ccurl_slist_free_all(struct curl_slist *list) {
    curl.slist_free_all(list);
}

CURLM *ccurl_multi_init(void) {
    return curl.multi_init();
}

CURLMcode ccurl_multi_cleanup(CURLM *multi) {
    return curl.multi_cleanup(multi);
}

CURLMcode ccurl_multi_add_handle(CURLM *multi, CURL *easy) {
    return curl.multi_add_handle(multi, easy);
}

CURLMcode ccurl_multi_remove_handle(CURLM *multi, CURL *easy) {
    return curl.multi_remove_handle(multi, easy);
}

CURLMcode ccurl_multi_perform(CURLM *multi, int *running) {
    return curl.multi_perform(multi, running);
}

CURLMcode ccurl_multi_poll(
    CURLM *multi, struct curl_waitfd *others, unsigned int count, int milliseconds, int *ready) {
    return curl.multi_poll(multi, others, count, milliseconds, ready);
}

CURLMcode ccurl_multi_wakeup(CURLM *multi) {
    return curl.multi_wakeup(multi);
}

CURLMsg *ccurl_multi_info_read(CURLM *multi, int *left) {
    return curl.multi_info_read(multi, left);
}

CURLcode ccurl_set_long(CURL *easy, CURLoption option, long value) {
    return curl.easy_setopt(easy, option, value);
}

CURLcode ccurl_set_text(CURL *easy, CURLoption option, const char *value) {
    return curl.easy_setopt(easy, option, value);
}

CURLcode ccurl_set_list(CURL *easy, CURLoption option, struct curl_slist *value) {
    return curl.easy_setopt(easy, option, value);
}

CURLcode ccurl_set_pointer(CURL *easy, CURLoption option, void *value) {
    return curl.easy_setopt(easy, option, value);
}

CURLcode ccurl_set_body(CURL *easy, const void *bytes, size_t count) {
    CURLcode code = curl.easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)count);
    return code ? code : curl.easy_setopt(easy, CURLOPT_COPYPOSTFIELDS, bytes);
}

CURLcode ccurl_set_writer(CURL *easy, CURLoption option, curl_write_callback writer) {
    return curl.easy_setopt(easy, option, writer);
}

CURLcode ccurl_set_opener(CURL *easy, curl_opensocket_callback opener) {
    return curl.easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, opener);
}

CURLcode ccurl_set_announcer(CURL *easy, curl_prereq_callback announcer) {
    return curl.easy_setopt(easy, CURLOPT_PREREQFUNCTION, announcer);
}

CURLcode ccurl_get_long(CURL *easy, CURLINFO info, long *value) {
    return curl.easy_getinfo(easy, info, value);
}

CURLMcode ccurl_multi_set_long(CURLM *multi, CURLMoption option, long value) {
    return curl.multi_setopt(multi, option, value);
}
