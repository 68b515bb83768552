#include "store/marks.h"

#include "base/utf8.h"
#include "store/tokenizer.h"

/* Phrases are followed by shifting bits, one bit for each token looked for (Baeza-Yates and Gonnet,
 * "A new approach to text searching"): bit i is set after a position of the text when tokens up to
 * i of its leaf stand in a row, the last of them there. */
struct bits {
    uint64_t word[MARKS_WORDS];
};

struct finder {
    const struct marks *marks;
    struct mark_list *list;
    size_t enough;
    struct bits before;          /* bits of the position before */
    struct bits here;            /* of this one so far: its token and those colocated */
    size_t position;             /* from 1 */
    size_t starts[MARKS_TOKENS]; /* where the last so many positions begin, as a ring */
};

/* A leaf on its way into the marks. */
struct adding {
    struct marks *marks;
    size_t first;
    bool cut;  /* it has more tokens than MARKS_LEAF */
    bool lost; /* there was no room for it */
};

static bool add_token(const struct token *token, void *arg)
{
    struct adding *adding = arg;
    struct marks *marks = adding->marks;
    adding->cut = marks->count - adding->first == MARKS_LEAF;
    adding->lost = !adding->cut && marks->count == MARKS_TOKENS;
    if (adding->cut || adding->lost)
        return false;
    marks->tokens[marks->count++] = (struct mark_token){.text = marks->text.len,
                                                        .len = token->text.len,
                                                        .leaf = marks->leaves,
                                                        .first = adding->first};
    marks->singles = marks->singles || (!token->word && utf8_count(token->text) == 1);
    marks->wanted |= token_bit(token->text);
    adding->lost = !buf_add_slice(&marks->text, token->text);
    return !adding->lost;
}

static void add_leaf(struct marks *marks, struct slice text, bool prefix)
{
    struct adding adding = {.marks = marks, .first = marks->count};
    /* Ending early is no failure here. */
    (void)!tokenize(marks->folder, text, TOKENIZE_QUERY, add_token, &adding);
    if (adding.lost)
        marks->count = adding.first;
    if (marks->count == adding.first)
        return;
    marks->tokens[marks->count - 1].last = true;
    marks->tokens[marks->count - 1].prefix = prefix && !adding.cut;
    marks->leaves++;
}

/* Takes the leaves under a node. Recurses over the tree, as query_sql.c does;
 * what stands under a NOT is not looked for. */
static void add_leaves(struct marks *marks, const struct query *query, size_t index,
                       enum fts_column column)
{
    const struct query_node *node = &query->nodes[index];
    if (node->kind == QUERY_WORDS && (node->columns == 0 || node->columns & 1u << column))
        add_leaf(marks, query_text(query, node), node->prefix);
    if (node->kind != QUERY_AND && node->kind != QUERY_OR)
        return;
    for (size_t child = node->child; child != 0; child = query->nodes[child].next)
        add_leaves(marks, query, child, column);
}

void marks_init(struct marks *marks, struct folder *folder, const struct query *query,
                enum fts_column column)
{
    *marks = (struct marks){.folder = folder};
    buf_init(&marks->text, MIB);
    if (query->root != 0)
        add_leaves(marks, query, query->root, column);
}

void marks_finish(struct marks *marks)
{
    buf_finish(&marks->text);
}

static bool matches(const struct marks *marks, const struct mark_token *wanted,
                    const struct token *token)
{
    if (wanted->prefix ? token->text.len < wanted->len : token->text.len != wanted->len)
        return false;
    return memcmp(marks->text.ptr + wanted->text, token->text.ptr, wanted->len) == 0;
}

static void add_mark(struct finder *finder, size_t index, const struct token *token)
{
    const struct mark_token *wanted = &finder->marks->tokens[index];
    size_t length = index - wanted->first; /* positions back to the first token */
    size_t start = finder->starts[(finder->position - length) % MARKS_TOKENS];
    if (finder->list->count < MARKS_MAX)
        finder->list->marks[finder->list->count++] = (struct mark){start, token->end, wanted->leaf};
}

static bool look_at(const struct token *token, void *arg)
{
    struct finder *finder = arg;
    if (!token->colocated) {
        if (finder->list->count == MARKS_MAX ||
            (finder->list->count > 0 && token->start > finder->enough))
            return false;
        finder->before = token->passed == 0 ? finder->here : (struct bits){0};
        memset(&finder->here, 0, sizeof finder->here);
        finder->position += token->passed + 1;
        finder->starts[finder->position % MARKS_TOKENS] = token->start;
    }
    for (size_t i = 0; i < finder->marks->count; i++) {
        const struct mark_token *wanted = &finder->marks->tokens[i];
        bool follows =
            i == wanted->first || (finder->before.word[(i - 1) / 64] >> ((i - 1) % 64) & 1) != 0;
        if (!follows || !matches(finder->marks, wanted, token))
            continue;
        finder->here.word[i / 64] |= (uint64_t)1 << (i % 64);
        if (wanted->last)
            add_mark(finder, i, token);
    }
    return true;
}

static void look_through(struct finder *finder, struct slice text)
{
    const struct marks *marks = finder->marks;
    /* Ending early is no failure here. */
    (void)!tokenize_wanted(marks->folder, text, marks->singles ? TOKENIZE_TEXT : TOKENIZE_PAIRS,
                           marks->wanted, look_at, finder);
}

/* About the first `len` bytes, up to a space where there is one near. */
static struct slice beginning(struct folder *folder, struct slice text, size_t len)
{
    enum { NEAR = 1000 };
    size_t at = len;
    while (at > 0 && len - at < NEAR && !ascii_space(text.ptr[at]))
        at--;
    if (!ascii_space(text.ptr[at]))
        at = len;
    while (at > 0 &&
           (((unsigned char)text.ptr[at] & 0xC0) == 0x80 || !fold_starts(folder, text, at)))
        at--;
    return slice_sub(text, 0, at);
}

void marks_find(const struct marks *marks, struct slice text, size_t enough,
                struct mark_list *list_out)
{
    struct finder finder = {.marks = marks, .list = list_out, .enough = enough};
    list_out->count = 0;
    if (marks->count == 0)
        return;
    /* Behind the last hit nothing may be wanted for long. */
    if (text.len > enough) {
        look_through(&finder, beginning(marks->folder, text, enough));
        if (list_out->count > 0)
            return;
        finder = (struct finder){.marks = marks, .list = list_out, .enough = enough};
    }
    look_through(&finder, text);
}
