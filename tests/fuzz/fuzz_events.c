/* What the process that parses HTML may send when what it parses has taken it over: any bytes. The
 * product's own html_parse() is included for its reading half; here no HTML is parsed at all. */
#include "stored.h"

#define html_parse html_parse_in_a_child
#include "page/html_parse.c"
#undef html_parse

#include <stdio.h>

bool html_parse(struct slice html, struct tree_builder *tree, struct html_doctype *doctype,
                struct error *err);

static struct slice events; /* empty: nobody has taken anything over */

static FILE *fill(struct slice html)
{
    static FILE *file;
    static struct html_sender sender;
    if (file == NULL)
        file = tmpfile();
    FUZZ_CHECK(file != NULL && ftruncate(fileno(file), 0) == 0);
    FUZZ_CHECK(lseek(fileno(file), 0, SEEK_SET) == 0);
    sender.fd = fileno(file);
    if (events.len > 0)
        FUZZ_CHECK(write(sender.fd, events.ptr, events.len) == (ssize_t)events.len);
    else
        html_gumbo_send(html, &sender);
    html_send_rest(&sender);
    FUZZ_CHECK(lseek(fileno(file), 0, SEEK_SET) == 0);
    events.len = 0;
    return file;
}

bool html_parse(struct slice html, struct tree_builder *tree, struct html_doctype *doctype,
                struct error *err)
{
    struct html_receiver receiver;
    html_receiver_init(&receiver, fileno(fill(html)), 4 * LIMIT_PAGE_BODY);
    bool ok = build(&receiver, tree, doctype, err);
    html_receiver_finish(&receiver);
    return ok;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct document_origin origin = {.url = slice_of(FUZZ_PAGE_URL),
                                           .charset = slice_of("utf-8")};
    struct document *doc;
    struct error err = {0};
    events = slice_make(data, size);
    bool ok = document_read_web(slice_of("x"), &origin, &doc, &err);
    events.len = 0;
    fuzz_check_error(ok, &err);
    if (ok)
        fuzz_page_store(doc, false);
    return 0;
}
