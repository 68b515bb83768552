/* child_run() without the child, as html_here.c. No program is ever started: there is none, so to
 * speak. */
#define child_run child_run_forked
#include "page/child.c"
#undef child_run

#include <stdio.h>
#include <stdlib.h>

bool child_run(const struct child *child, struct buf *out, enum child_end *end_out,
               struct error *err);

static int open_file(void)
{
    static FILE *file;
    if (file == NULL)
        file = tmpfile();
    if (file == NULL || ftruncate(fileno(file), 0) != 0 || lseek(fileno(file), 0, SEEK_SET) != 0)
        abort();
    return fileno(file);
}

bool child_run(const struct child *child, struct buf *out, enum child_end *end_out,
               struct error *err)
{
    *end_out = CHILD_ABSENT;
    if (child->work == NULL)
        return true;
    int file = open_file();
    *end_out = child->work(child->in, file) ? CHILD_DONE : CHILD_FAILED;
    if (lseek(file, 0, SEEK_SET) != 0)
        abort();
    char part[16384];
    for (ssize_t count; (count = read(file, part, sizeof part)) > 0;)
        if (!buf_add(out, part, (size_t)count)) {
            *end_out = CHILD_FULL;
            break;
        }
    return out->failed != ERR_NO_MEMORY || error_no_memory(err);
}
