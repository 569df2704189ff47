#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// The deepest nesting of arrays and objects that is read.
#define CJSON_DEPTH_LIMIT 64
/// The bytes behind the text that the reader may look at, though never use.
#define CJSON_PADDING 64

/// What a reading ended with.
enum cjson_error {
    cjson_ok = 0,
    cjson_empty,
    cjson_too_deep,
    cjson_not_utf8,
    cjson_number_too_large,
    cjson_bad_string,
    cjson_too_large,
    cjson_syntax,
};

/// A reader with its buffers, used by one thread at a time.
typedef struct cjson_reader cjson_reader;

/// The result of one reading. The pointers stay valid until the reader reads again or is given back and taken anew.
///
/// `tape` is simdjson's document tape (its layout: doc/tape.md of simdjson); the value of the document stands at index 1.
/// `strings` holds, for each string, a 32-bit length in host order, the UTF-8 bytes, and a NUL.
typedef struct {
    const uint64_t *_Nullable tape;
    const uint8_t *_Nullable strings;
} cjson_document;

/// Takes a reader of this thread; NULL when all of them (4) are in use, or when memory is exhausted.
cjson_reader *_Nullable cjson_take(void);

/// Gives back the reader that was taken last on this thread.
void cjson_give_back(void);

/// Reads one JSON text (RFC 8259) of `length` bytes.
///
/// `capacity` says how many bytes may be looked at; with less than `length + CJSON_PADDING` the text is copied first.
enum cjson_error cjson_read(
    cjson_reader *_Nonnull reader, const uint8_t *_Nonnull text, size_t length, size_t capacity,
    cjson_document *_Nonnull document);

#ifdef __cplusplus
}
#endif
