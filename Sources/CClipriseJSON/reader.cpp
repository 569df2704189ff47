#include "CClipriseJSON.h"

#include <memory>
#include <new>
#include <simdjson.h>
#include <string>
#include <string_view>

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

bool is_digit(uint8_t byte) { return byte >= '0' && byte <= '9'; }

/// Whether a whole number without leading zeros is beyond 64 bits.
bool is_large(const uint8_t *digits, size_t count, bool is_negative) {
    const std::string_view most = is_negative ? "9223372036854775808" : "18446744073709551615";
    const std::string_view given(reinterpret_cast<const char *>(digits), count);
    return count != most.size() ? count > most.size() : given > most;
}

/// The text with a fraction of zero behind each whole number beyond 64 bits: simdjson reads whole numbers into
/// 64 bits or not at all, where everybody else takes what is larger as a floating-point number.
std::string with_large_numbers_as_fractions(const uint8_t *text, size_t length) {
    std::string result;
    result.reserve(length + 64);
    bool in_string = false;
    for (size_t at = 0; at < length;) {
        const uint8_t byte = text[at];
        if (in_string || !is_digit(byte)) {
            if (byte == '"') in_string = !in_string;
            result.push_back(static_cast<char>(byte));
            at += 1;
            if (byte == '\\' && in_string && at < length) result.push_back(static_cast<char>(text[at++]));
            continue;
        }
        size_t end = at;
        while (end < length && is_digit(text[end])) end += 1;
        result.append(reinterpret_cast<const char *>(text) + at, end - at);
        const uint8_t next = end < length ? text[end] : 0;
        const bool is_negative = at > 0 && text[at - 1] == '-';
        if (is_large(text + at, end - at, is_negative) && next != '.' && next != 'e' && next != 'E') result.append(".0");
        // What follows a point or an exponent is no whole number.
        for (at = end; at < length; at += 1) {
            const uint8_t part = text[at];
            if (!is_digit(part) && part != '.' && part != 'e' && part != 'E' && part != '+' && part != '-') break;
            result.push_back(static_cast<char>(part));
        }
    }
    return result;
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
    simdjson::error_code error = reader->parser.parse(text, length, needs_copy).error();
    if (error == simdjson::NUMBER_ERROR) {
        try {
            const std::string widened = with_large_numbers_as_fractions(text, length);
            if (widened.size() != length) {
                error = reader->parser.parse(widened.data(), widened.size(), true).error();
                if (widened.size() > reader->capacity) reader->capacity = widened.size();
            }
        } catch (const std::bad_alloc &) {
            return cjson_too_large;
        }
    }
    if (error != simdjson::SUCCESS) return from(error);
    document->tape = reader->parser.doc.tape.get();
    document->strings = reader->parser.doc.string_buf.get();
    return cjson_ok;
}
