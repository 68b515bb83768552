#include "page/programs.h"

#include "base/limits.h"

static const char *const pdftotext[] = {"pdftotext", "-q", "-enc", "UTF-8",
                                        "-htmlmeta", "-",  "-",    NULL};

const struct program_row programs[] = {
    [PROGRAM_PDFTOTEXT] = {"pdftotext", pdftotext, LIMIT_PDF_MEMORY, LIMIT_PDF_MS},
};
const size_t program_count = sizeof programs / sizeof *programs;
