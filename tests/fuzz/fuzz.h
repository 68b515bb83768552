/* What the fuzz targets share. A target is one file, fuzz_X.c, with one LLVMFuzzerTestOneInput():
 * `make fuzz` runs it under libFuzzer, `make test` hands it every file of tests/fuzz/corpus/X.
 *
 * A target does what the product does with the bytes, and then says what must hold of the result;
 * where that does not hold, it ends the process. An error that the product reports is none here.
 */
#ifndef TESTS_FUZZ_H
#define TESTS_FUZZ_H

#include "base/buf.h"

#include <stdint.h>
#include <stdnoreturn.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Says on stderr what does not hold, and aborts. */
noreturn void fuzz_fault(const char *format, ...) __attribute__((format(printf, 1, 2)));

#define FUZZ_CHECK(condition)                                                                      \
    do {                                                                                           \
        if (!(condition))                                                                          \
            fuzz_fault("%s:%d: %s", __FILE__, __LINE__, #condition);                               \
    } while (0)

/* Fails unless `ok`, or the error has a name and a sentence, and is not the kind that only a fault
 * of ours gives. */
void fuzz_check_error(bool ok, const struct error *err);

/* Takes the first line from *rest, without its LF: inputs of several parts stay legible. */
struct slice fuzz_take_line(struct slice *rest);

/* A copy with a NUL behind it, NULs inside as "_" (which CSS takes for letters, too); the
 * caller frees. */
char *fuzz_text(struct slice bytes);

#endif
