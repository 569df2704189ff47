#pragma once

#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <jpeglib.h>

/// A JPEG file being written to memory.
///
/// libjpeg reports a failure by calling `error_exit`, which must not return and by default ends the process. Here it
/// jumps back into the wrapper that made the call, so no jump ever crosses a Swift frame.
typedef struct cjpeg_writer {
    struct jpeg_compress_struct info;
    struct jpeg_error_mgr errors;
    struct jpeg_destination_mgr destination;
    jmp_buf failed;
    uint8_t *_Nullable bytes;
    size_t count;
    size_t capacity;
} cjpeg_writer;

static inline void cjpeg_fail(j_common_ptr _Nonnull info) {
    longjmp(((cjpeg_writer *)info->client_data)->failed, 1);
}

/// The library prints warnings to standard error unless told otherwise.
static inline void cjpeg_stay_silent(j_common_ptr _Nonnull info) {
    (void)info;
}

static inline void cjpeg_point_at_room(cjpeg_writer *_Nonnull writer) {
    writer->destination.next_output_byte = writer->bytes + writer->count;
    writer->destination.free_in_buffer = writer->capacity - writer->count;
}

static inline void cjpeg_open_memory(j_compress_ptr _Nonnull info) {
    cjpeg_point_at_room(info->client_data);
}

/// Called when the memory is full; doubles it.
static inline boolean cjpeg_grow(j_compress_ptr _Nonnull info) {
    cjpeg_writer *writer = info->client_data;
    size_t capacity = writer->capacity * 2;
    uint8_t *bytes = realloc(writer->bytes, capacity);
    if (bytes == NULL) cjpeg_fail((j_common_ptr)info);
    writer->count = writer->capacity;
    writer->bytes = bytes;
    writer->capacity = capacity;
    cjpeg_point_at_room(writer);
    return TRUE;
}

static inline void cjpeg_close_memory(j_compress_ptr _Nonnull info) {
    cjpeg_writer *writer = info->client_data;
    writer->count = writer->capacity - writer->destination.free_in_buffer;
}

/// Ends a writer in any state; `bytes` are freed by this.
static inline void cjpeg_end(cjpeg_writer *_Nonnull writer) {
    jpeg_destroy_compress(&writer->info);
    free(writer->bytes);
    free(writer);
}

/// Starts a file of 8-bit RGB rows with one comment segment; NULL when memory or the library refuses.
static inline cjpeg_writer *_Nullable cjpeg_start(
    uint32_t width,
    uint32_t height,
    int quality,
    const uint8_t *_Nonnull comment,
    uint32_t comment_count
) {
    cjpeg_writer *writer = calloc(1, sizeof(cjpeg_writer));
    if (writer == NULL) return NULL;
    writer->info.err = jpeg_std_error(&writer->errors);
    writer->info.client_data = writer;
    writer->errors.error_exit = cjpeg_fail;
    writer->errors.output_message = cjpeg_stay_silent;
    // `jpeg_mem_dest` would lose track of its memory after a failure, so the destination is our own.
    writer->destination.init_destination = cjpeg_open_memory;
    writer->destination.empty_output_buffer = cjpeg_grow;
    writer->destination.term_destination = cjpeg_close_memory;
    writer->capacity = 65536;
    writer->bytes = malloc(writer->capacity);
    if (writer->bytes == NULL) {
        free(writer);
        return NULL;
    }
    if (setjmp(writer->failed)) {
        cjpeg_end(writer);
        return NULL;
    }
    jpeg_create_compress(&writer->info);
    writer->info.dest = &writer->destination;
    writer->info.image_width = width;
    writer->info.image_height = height;
    writer->info.input_components = 3;
    writer->info.in_color_space = JCS_RGB;
    jpeg_set_defaults(&writer->info);
    jpeg_set_quality(&writer->info, quality, TRUE);
    jpeg_start_compress(&writer->info, TRUE);
    jpeg_write_marker(&writer->info, JPEG_COM, comment, comment_count);
    return writer;
}

/// Writes the same row `times` times; 0 on success.
static inline int cjpeg_repeat_row(cjpeg_writer *_Nonnull writer, const uint8_t *_Nonnull row, uint32_t times) {
    JSAMPROW rows[16];
    for (int i = 0; i < 16; i++) rows[i] = (JSAMPROW)row;
    if (setjmp(writer->failed)) return -1;
    // libjpeg counts the rows itself; a local counter could be lost by the jump.
    JDIMENSION end = writer->info.next_scanline + times;
    while (writer->info.next_scanline < end) {
        JDIMENSION left = end - writer->info.next_scanline;
        jpeg_write_scanlines(&writer->info, rows, left < 16 ? left : 16);
    }
    return 0;
}

/// Completes the file in `bytes` and `count`; 0 on success.
static inline int cjpeg_finish(cjpeg_writer *_Nonnull writer) {
    if (setjmp(writer->failed)) return -1;
    jpeg_finish_compress(&writer->info);
    return 0;
}
