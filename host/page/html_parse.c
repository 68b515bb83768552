#include "page/html_parse.h"

#include "base/confine.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "page/html_events.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

void html_doctype_init(struct html_doctype *doctype)
{
    *doctype = (struct html_doctype){0};
    buf_init(&doctype->public_id, KIB);
    buf_init(&doctype->system_id, KIB);
}

void html_doctype_finish(struct html_doctype *doctype)
{
    buf_finish(&doctype->public_id);
    buf_finish(&doctype->system_id);
}

/* ---- The child ---- */

static void limit(int resource, rlim_t value)
{
    struct rlimit limits = {.rlim_cur = value, .rlim_max = value};
    setrlimit(resource, &limits);
}

/* Holds nothing of the parent's but the pipe: the browser must see its port close when the parent
 * goes, and a parser that was taken over finds no file. */
static void renounce(int fd)
{
    enum { HIGHEST = 1024 };
    for (int other = 0; other < HIGHEST; other++)
        if (other != fd)
            close(other);
    limit(RLIMIT_NOFILE, 0);
    limit(RLIMIT_FSIZE, 0);
    limit(RLIMIT_CORE, 0);
    limit(RLIMIT_CPU, LIMIT_HTML_MS / 1000 + 5); /* where no allocation asks for the time */
    confine_work();
}

static void work(struct slice html, int fd)
{
    static struct html_sender sender;
    renounce(fd);
    sender.fd = fd;
    html_gumbo_send(html, &sender);
    html_send_rest(&sender);
    _exit(sender.failed ? 1 : 0);
}

/* ---- The parent ---- */

static void on_doctype(struct html_doctype *doctype, const struct html_event *event,
                       struct slice public_id, struct slice system_id)
{
    buf_reset(&doctype->public_id);
    buf_reset(&doctype->system_id);
    doctype->given = true;
    doctype->quirks = event->detail != 0;
    utf8_append_valid(&doctype->public_id, public_id);
    utf8_append_valid(&doctype->system_id, system_id);
}

/* Builds what it is told to. The ceilings are kept here again. */
static bool build(struct html_receiver *receiver, struct tree_builder *tree,
                  struct html_doctype *doctype, struct error *err)
{
    struct html_event event;
    struct slice name;
    struct slice value;
    size_t attributes = 0;
    while (html_receive(receiver, &event, &name, &value)) {
        enum tree_ns ns = event.detail < TREE_NS_COUNT ? (enum tree_ns)event.detail : TREE_NONE;
        switch (event.kind) {
        case HTML_OPEN:
            attributes = 0;
            tree_open(tree, ns != TREE_NONE ? ns : TREE_HTML, name);
            break;
        case HTML_ATTR:
            if (tree->open != NULL && ++attributes <= LIMIT_ATTRIBUTES)
                tree_attribute(tree, ns, name, value);
            break;
        case HTML_TEXT:
            tree_text(tree, value);
            break;
        case HTML_CLOSE:
            tree_close(tree);
            break;
        case HTML_DOCTYPE:
            on_doctype(doctype, &event, name, value);
            break;
        case HTML_END:
            if (event.detail == HTML_END_LIMIT)
                return error_set(err, ERR_LIMIT,
                                 "The page takes too much memory or time to be parsed");
            return event.detail == HTML_END_DONE || error_no_memory(err);
        default:
            break;
        }
    }
    if (receiver->bytes.failed == ERR_NO_MEMORY)
        return error_no_memory(err);
    return error_set(err, ERR_DOCUMENT, "The page cannot be parsed");
}

bool html_parse(struct slice html, struct tree_builder *tree, struct html_doctype *doctype,
                struct error *err)
{
    struct html_receiver receiver;
    int ends[2];
    if (pipe(ends) != 0)
        return error_set(err, ERR_INTERNAL, "No pipe to the HTML parser");
    pid_t child = fork();
    if (child == 0)
        work(html, ends[1]);
    close(ends[1]);
    if (child < 0) {
        close(ends[0]);
        return error_set(err, ERR_INTERNAL, "No process for the HTML parser");
    }
    html_receiver_init(&receiver, ends[0], 4 * LIMIT_PAGE_BODY);
    bool ok = build(&receiver, tree, doctype, err);
    html_receiver_finish(&receiver);
    /* A child that still has something to say finds nobody listening and ends. */
    close(ends[0]);
    while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
        continue;
    return ok;
}
