/* html_parse() without its child: what happens there is to be seen, and often. The product's own
 * file is included for its reading half. */
#define html_parse html_parse_in_a_child
#include "page/html_parse.c"
#undef html_parse

#include <stdio.h>
#include <stdlib.h>

bool html_parse(struct slice html, struct tree_builder *tree, struct html_doctype *doctype,
                struct error *err);

/* An empty file that takes the place of the pipe, which would have to be read meanwhile. */
static int open_file(void)
{
    static FILE *file;
    if (file == NULL)
        file = tmpfile();
    if (file == NULL || ftruncate(fileno(file), 0) != 0 || lseek(fileno(file), 0, SEEK_SET) != 0)
        abort();
    return fileno(file);
}

bool html_parse(struct slice html, struct tree_builder *tree, struct html_doctype *doctype,
                struct error *err)
{
    static struct html_sender sender;
    struct html_receiver receiver;
    sender.fd = open_file();
    html_gumbo_send(html, &sender);
    html_send_rest(&sender);
    if (sender.failed || lseek(sender.fd, 0, SEEK_SET) != 0)
        abort();
    html_receiver_init(&receiver, sender.fd, 4 * LIMIT_PAGE_BODY);
    bool ok = build(&receiver, tree, doctype, err);
    html_receiver_finish(&receiver);
    return ok;
}
