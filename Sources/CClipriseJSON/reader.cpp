#include "CClipriseJSON.h"

#include <memory>
#include <new>
#include <simdjson.h>

static_assert(simdjson::SIMDJSON_PADDING <= CJSON_PADDING, "the stated padding is too small for this simdjson");

struct cjson_reader {
    simdjson::dom::parser parser;
    /// A reader that once met a huge text lets its buffers go, so that one request does not keep memory for ever.
    size_t capacity = 0;
};

namespace {

constexpr int reader_limit = 4;
constexpr size_t kept_capacity = 256 * 1024;

/// The readers of one thread. A text inside a text (the `options` string) takes the second while the first is in use.
struct readers {
    std::unique_ptr<cjson_reader> all[reader_limit];
    int taken = 0;
};

thread_local readers of_this_thread;

enum cjson_error from(simdjson::error_code code) {
    switch (code) {
    case simdjson::SUCCESS: return cjson_ok;
    case simdjson::EMPTY: return cjson_empty;
    case simdjson::DEPTH_ERROR: return cjson_too_deep;
    case simdjson::UTF8_ERROR: return cjson_not_utf8;
    case simdjson::NUMBER_ERROR: return cjson_number_too_large;
    case simdjson::STRING_ERROR:
    case simdjson::UNESCAPED_CHARS:
    case simdjson::UNCLOSED_STRING: return cjson_bad_string;
    case simdjson::CAPACITY:
    case simdjson::MEMALLOC: return cjson_too_large;
    default: return cjson_syntax;
    }
}

} // namespace

extern "C" cjson_reader *cjson_take(void) {
    readers &mine = of_this_thread;
    if (mine.taken == reader_limit) return nullptr;
    std::unique_ptr<cjson_reader> &next = mine.all[mine.taken];
    if (!next) next.reset(new (std::nothrow) cjson_reader());
    if (!next) return nullptr;
    mine.taken += 1;
    return next.get();
}

extern "C" void cjson_give_back(void) {
    readers &mine = of_this_thread;
    mine.taken -= 1;
    cjson_reader &last = *mine.all[mine.taken];
    if (last.capacity > kept_capacity) mine.all[mine.taken].reset();
}

extern "C" enum cjson_error cjson_read(
    cjson_reader *reader, const uint8_t *text, size_t length, size_t capacity, cjson_document *document) {
    document->tape = nullptr;
    document->strings = nullptr;
    if (length > reader->capacity) {
        const size_t wanted = length < 4096 ? 4096 : length;
        const simdjson::error_code grown = reader->parser.allocate(wanted, CJSON_DEPTH_LIMIT);
        if (grown != simdjson::SUCCESS) return cjson_too_large;
        reader->capacity = wanted;
    }
    const bool needs_copy = capacity < length + simdjson::SIMDJSON_PADDING;
    const auto result = reader->parser.parse(text, length, needs_copy);
    if (result.error() != simdjson::SUCCESS) return from(result.error());
    document->tape = reader->parser.doc.tape.get();
    document->strings = reader->parser.doc.string_buf.get();
    return cjson_ok;
}
