#pragma once

// libcurl, loaded when it is first needed: with all that it needs in turn it would be a sixth of an idle server's
// memory and a third of its start, and most servers never call back.

// The type checks of the header are macros for C compilers of another make.
#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>

/// Loads libcurl, once; any thread may call it, any number of times.
///
/// Returns NULL when it is loaded, which must be known before any other function is called; else why it is not.
const char *_Nullable ccurl_load(void);

// As the functions of libcurl whose names begin with one letter less.

CURLcode ccurl_global_init(long flags);
CURL *_Nullable ccurl_easy_init(void);
void ccurl_easy_cleanup(CURL *_Nonnull easy);
CURLcode ccurl_easy_pause(CURL *_Nonnull easy, int bits);
const char *_Nonnull ccurl_easy_strerror(CURLcode code);
struct curl_slist *_Nullable ccurl_slist_append(struct curl_slist *_Nullable list, const char *_Nonnull text);
void ccurl_slist_free_all(struct curl_slist *_Nullable list);
CURLM *_Nullable ccurl_multi_init(void);
CURLMcode ccurl_multi_cleanup(CURLM *_Nonnull multi);
CURLMcode ccurl_multi_add_handle(CURLM *_Nonnull multi, CURL *_Nonnull easy);
CURLMcode ccurl_multi_remove_handle(CURLM *_Nonnull multi, CURL *_Nonnull easy);
CURLMcode ccurl_multi_perform(CURLM *_Nonnull multi, int *_Nonnull running);
CURLMcode ccurl_multi_poll(
    CURLM *_Nonnull multi, struct curl_waitfd *_Nullable others, unsigned int count, int milliseconds,
    int *_Nullable ready);
CURLMcode ccurl_multi_wakeup(CURLM *_Nonnull multi);
CURLMsg *_Nullable ccurl_multi_info_read(CURLM *_Nonnull multi, int *_Nonnull left);

// `curl_easy_setopt` and `curl_easy_getinfo` take any type after the option, which Swift cannot call. One function for
// each type that we hand over.

CURLcode ccurl_set_long(CURL *_Nonnull easy, CURLoption option, long value);
CURLcode ccurl_set_text(CURL *_Nonnull easy, CURLoption option, const char *_Nonnull value);
CURLcode ccurl_set_list(CURL *_Nonnull easy, CURLoption option, struct curl_slist *_Nullable value);
CURLcode ccurl_set_pointer(CURL *_Nonnull easy, CURLoption option, void *_Nullable value);
/// Sends these bytes, which are copied, as the body of a POST.
CURLcode ccurl_set_body(CURL *_Nonnull easy, const void *_Nullable bytes, size_t count);
CURLcode ccurl_set_writer(CURL *_Nonnull easy, CURLoption option, curl_write_callback _Nonnull writer);
CURLcode ccurl_set_opener(CURL *_Nonnull easy, curl_opensocket_callback _Nonnull opener);
CURLcode ccurl_set_announcer(CURL *_Nonnull easy, curl_prereq_callback _Nonnull announcer);
CURLcode ccurl_get_long(CURL *_Nonnull easy, CURLINFO info, long *_Nonnull value);
CURLMcode ccurl_multi_set_long(CURLM *_Nonnull multi, CURLMoption option, long value);
