#include "store/query.h"

#include "base/utf8.h"
#include "store/fts.h"
#include "store/index_tokens.h"
#include "store/query_lex.h"
#include "store/query_time.h"
#include "store/tokenizer.h"

#include <stdio.h>

struct parser {
    struct query *query;
    struct folder *folder;
    struct lexer lexer;
    int64_t now;
    size_t depth;           /* groups open */
    size_t skipped;         /* groups open past QUERY_DEPTH, which are not nested any more */
    bool negative;          /* an odd number of minus signs stand before this place */
    enum error_code failed; /* ERR_LIMIT: too many leaves; ERR_NO_MEMORY */
};

static size_t parse_or(struct parser *p, enum query_field field);

/* What is said of more than there may be, in any language. */
static const char too_long[] = "> 4096 B";
static const char too_many[] = "> 64";

/* What was not understood: the first one is told. */
static void set_hint(struct query *query, const char *what, struct slice text)
{
    if (query->hint[0] != '\0')
        return;
    struct slice shown = utf8_prefix(text, sizeof query->hint - strlen(what) - 1);
    snprintf(query->hint, sizeof query->hint, "%s%.*s", what, (int)shown.len, shown.ptr);
}

static size_t add_node(struct parser *p, struct query_node node)
{
    if (p->query->node_count == QUERY_NODES) {
        p->failed = ERR_LIMIT;
        return 0;
    }
    p->query->nodes[p->query->node_count] = node;
    return p->query->node_count++;
}

static size_t add_leaf(struct parser *p, struct query_node node)
{
    if (p->query->leaves == LIMIT_TERMS) {
        set_hint(p->query, too_many, (struct slice){0});
        return 0;
    }
    p->query->leaves++;
    return add_node(p, node);
}

/* How the words of a leaf become tokens. */
struct tokens {
    size_t count;
    bool ends_in_word; /* letters or digits: may be asked for by its beginning */
    size_t last_count; /* code points of the last token */
};

static bool count_token(const struct token *token, void *arg)
{
    struct tokens *tokens = arg;
    tokens->count++;
    tokens->ends_in_word = token->word;
    tokens->last_count = utf8_count(token->text);
    return true;
}

static void count_tokens(struct folder *folder, struct slice text, struct tokens *tokens_out)
{
    *tokens_out = (struct tokens){0};
    /* The counter never stops it. */
    (void)!tokenize(folder, text, TOKENIZE_QUERY, count_token, tokens_out);
}

static size_t add_words(struct parser *p, struct slice text, unsigned columns, bool star,
                        bool typing)
{
    enum { TYPED_ENOUGH = 3 };
    struct tokens tokens;
    count_tokens(p->folder, text, &tokens);
    if (tokens.count == 0) {
        /* A lone sign is the beginning of something. */
        if (text.len > 1)
            set_hint(p->query, "", text);
        return 0;
    }
    struct query_node node = {
        .kind = QUERY_WORDS, .text = p->query->text.len, .len = text.len, .columns = columns};
    node.prefix = tokens.ends_in_word && (star || (typing && tokens.last_count >= TYPED_ENOUGH));
    node.beginning = node.prefix && tokens.count == 1 && tokens.last_count <= BEGINNING_MAX;
    if (!buf_add_slice(&p->query->text, text))
        p->failed = ERR_NO_MEMORY;
    return add_leaf(p, node);
}

/* "https://example.com/path" and "*.example.com" name the site example.com. */
static struct slice bare_site(struct slice text)
{
    size_t scheme = slice_find(text, 0, slice_of("://"));
    if (scheme < text.len)
        text = slice_sub(text, scheme + 3, text.len);
    text = slice_sub(text, 0, slice_find_byte(text, 0, '/'));
    while (text.len > 0 && (text.ptr[0] == '*' || text.ptr[0] == '.'))
        text = slice_sub(text, 1, text.len);
    return text;
}

static size_t add_named(struct parser *p, enum query_kind kind, struct slice text, bool star)
{
    struct query_node node = {.kind = kind, .text = p->query->text.len, .prefix = star};
    struct error err;
    struct slice name = kind == QUERY_SITE ? bare_site(text) : text;
    if (!fold_name(p->folder, slice_trim(name), &p->query->text, &err))
        p->failed = err.code;
    node.len = p->query->text.len - node.text;
    return node.len == 0 ? 0 : add_leaf(p, node);
}

/* `before:`, `after:`, `on:`. Gives false when the value is no time. */
static bool read_time(struct parser *p, enum query_field field, struct slice text,
                      struct query_node *node)
{
    struct buf folded;
    struct error ignored;
    buf_init(&folded, LIMIT_QUERY * 18);
    bool ok = fold_name(p->folder, text, &folded, &ignored) &&
              query_time(buf_slice(&folded), p->now, &node->from, &node->to);
    buf_finish(&folded);
    if (!ok)
        return false;
    if (field == FIELD_ON && node->from == node->to) {
        query_day(node->from, &node->from, &node->to);
    } else if (field == FIELD_AFTER) {
        node->to = INT64_MAX;
    } else if (field == FIELD_BEFORE) {
        node->to = node->from;
        node->from = INT64_MIN;
    }
    return true;
}

/* Negates; nothing stays nothing and twice is once more the thing itself. */
static size_t negate(struct parser *p, size_t child)
{
    if (child == 0)
        return 0;
    if (p->query->nodes[child].kind == QUERY_NOT)
        return p->query->nodes[child].child;
    return add_node(p, (struct query_node){.kind = QUERY_NOT, .child = child});
}

/* What stands after `is:`. */
static const struct {
    const char *name;
    enum query_kind kind;
    bool negated;
} states[] = {
    {"untagged", QUERY_UNTAGGED, false},
    {"无标签", QUERY_UNTAGGED, false},
    {"tagged", QUERY_UNTAGGED, true},
    {"有标签", QUERY_UNTAGGED, true},
    {"incomplete", QUERY_INCOMPLETE, false},
    {"不完整", QUERY_INCOMPLETE, false},
    {"complete", QUERY_COMPLETE, false},
    {"完整", QUERY_COMPLETE, false},
    {"pending", QUERY_PENDING, false},
    {"进行中", QUERY_PENDING, false},
    {"noted", QUERY_NOTED, false},
    {"有备注", QUERY_NOTED, false},
    {"highlighted", QUERY_HIGHLIGHTED, false},
    {"有划线", QUERY_HIGHLIGHTED, false},
    {"again", QUERY_AGAIN, false},
    {"多次", QUERY_AGAIN, false},
    {"broken", QUERY_BROKEN, false},
    {"失效", QUERY_BROKEN, false},
    {"moved", QUERY_MOVED, false},
    {"已迁移", QUERY_MOVED, false},
    {"changed", QUERY_CHANGED, false},
    {"有变化", QUERY_CHANGED, false},
    {"pdf", QUERY_PDF, false},
    {"image", QUERY_IMAGE, false},
    {"图片", QUERY_IMAGE, false},
    {"audio", QUERY_AUDIO, false},
    {"音频", QUERY_AUDIO, false},
    {"video", QUERY_VIDEO, false},
    {"视频", QUERY_VIDEO, false},
    {"text", QUERY_TEXT, false},
    {"文本", QUERY_TEXT, false},
    {"feed", QUERY_FEED, false},
    {"订阅", QUERY_FEED, false},
    {"file", QUERY_FILE, false},
    {"文件", QUERY_FILE, false},
};

/* *node_out is 0 for is:trashed, which is no condition of its own. */
static bool read_state(struct parser *p, struct slice text, size_t *node_out)
{
    if (slice_equal_nocase(text, "trashed") || slice_equal_nocase(text, "回收站")) {
        p->query->trashed = p->query->trashed || !p->negative;
        *node_out = 0;
        return true;
    }
    for (size_t i = 0; i < sizeof states / sizeof *states; i++) {
        if (slice_equal_nocase(text, states[i].name)) {
            size_t leaf = add_leaf(p, (struct query_node){.kind = states[i].kind});
            *node_out = states[i].negated ? negate(p, leaf) : leaf;
            return true;
        }
    }
    return false;
}

static unsigned columns_of(enum query_field field)
{
    switch (field) {
    case FIELD_TITLE:
        return 1u << FTS_TITLE;
    case FIELD_NOTE:
        return 1u << FTS_NOTE;
    case FIELD_URL:
        return 1u << FTS_URL;
    case FIELD_TEXT:
        return 1u << FTS_TEXT;
    default:
        return 0;
    }
}

/* One word or phrase, with the field before it. `whole` is both as they were typed. */
static size_t make_leaf(struct parser *p, enum query_field field, const struct lexeme *value,
                        struct slice whole)
{
    size_t node;
    struct query_node time = {.kind = QUERY_TIME};
    switch (field) {
    case FIELD_TAG:
        return add_named(p, QUERY_TAG, value->text, value->star);
    case FIELD_SITE:
        return add_named(p, QUERY_SITE, value->text, value->star);
    case FIELD_LANG:
        return add_named(p, QUERY_LANG, value->text, value->star);
    case FIELD_BEFORE:
    case FIELD_AFTER:
    case FIELD_ON:
        if (read_time(p, field, value->text, &time))
            return add_leaf(p, time);
        set_hint(p->query, "date: ", value->text);
        return add_words(p, whole, 0, false, false);
    case FIELD_IS:
        if (read_state(p, value->text, &node))
            return node;
        set_hint(p->query, "is: ", value->text);
        return add_words(p, whole, 0, false, false);
    default:
        return add_words(p, value->text, columns_of(field), value->star, value->typing);
    }
}

static bool field_takes_group(enum query_field field)
{
    return field != FIELD_BEFORE && field != FIELD_AFTER && field != FIELD_ON && field != FIELD_IS;
}

static size_t parse_group(struct parser *p, enum query_field field)
{
    if (p->depth == QUERY_DEPTH) {
        set_hint(p->query, "( ( (", (struct slice){0});
        p->skipped++;
        return 0;
    }
    p->depth++;
    size_t node = parse_or(p, field);
    p->depth--;
    return node;
}

/* The item that begins with `first`; 0 when there is nothing to it. */
static size_t parse_item(struct parser *p, struct lexeme first, enum query_field field)
{
    bool negative = false;
    bool own_field = false;
    size_t start = first.start;
    while (first.kind == LEX_NOT || first.kind == LEX_FIELD) {
        if (first.kind == LEX_NOT) {
            negative = !negative;
        } else {
            field = first.field;
            own_field = true;
        }
        struct lexeme next = lex_next(&p->lexer, first.kind == LEX_FIELD);
        if (next.kind == LEX_END || next.kind == LEX_CLOSE || next.kind == LEX_NOTHING) {
            lex_back(&p->lexer, &next);
            return 0;
        }
        if (first.kind == LEX_NOT)
            start = next.start;
        first = next;
    }
    size_t node;
    p->negative = p->negative != negative;
    if (first.kind == LEX_OPEN) {
        node = parse_group(p, field_takes_group(field) ? field : FIELD_NONE);
    } else {
        first.typing = first.typing && !p->negative;
        struct slice whole = slice_sub(p->lexer.in, start, p->lexer.at - start);
        node = make_leaf(p, field, &first, own_field ? whole : first.text);
    }
    p->negative = p->negative != negative;
    return negative ? negate(p, node) : node;
}

/* Joins `node` to a list, which is nothing yet, one node, or a node of `kind` with its children. */
static size_t join(struct parser *p, enum query_kind kind, size_t list, size_t *last, size_t node)
{
    if (node == 0)
        return list;
    if (list == 0) {
        *last = node;
        return node;
    }
    if (*last == list && p->query->nodes[list].next == 0) {
        /* The second one: now a parent is needed. */
        size_t parent = add_node(p, (struct query_node){.kind = kind, .child = list});
        if (parent == 0)
            return list;
        p->query->nodes[list].next = node;
        *last = node;
        return parent;
    }
    p->query->nodes[*last].next = node;
    *last = node;
    return list;
}

/* Items side by side, up to OR or the end of the group, which is put back. */
static size_t parse_and(struct parser *p, enum query_field field)
{
    size_t list = 0;
    size_t last = 0;
    while (p->failed == ERR_NONE) {
        struct lexeme lexeme = lex_next(&p->lexer, false);
        if (lexeme.kind == LEX_CLOSE && p->skipped > 0) {
            p->skipped--;
            continue;
        }
        if (lexeme.kind == LEX_CLOSE && p->depth == 0) {
            set_hint(p->query, ")", (struct slice){0});
            continue;
        }
        if (lexeme.kind == LEX_END || lexeme.kind == LEX_CLOSE || lexeme.kind == LEX_OR) {
            lex_back(&p->lexer, &lexeme);
            break;
        }
        if (lexeme.kind != LEX_AND)
            list = join(p, QUERY_AND, list, &last, parse_item(p, lexeme, field));
    }
    return list;
}

/* Alternatives, up to the end of the group, which is taken. */
static size_t parse_or(struct parser *p, enum query_field field)
{
    size_t list = 0;
    size_t last = 0;
    while (p->failed == ERR_NONE) {
        list = join(p, QUERY_OR, list, &last, parse_and(p, field));
        if (lex_next(&p->lexer, false).kind != LEX_OR)
            break;
    }
    return list;
}

bool query_parse(struct query *query, struct folder *folder, struct slice text, int64_t now,
                 struct error *err)
{
    *query = (struct query){.node_count = 1};
    buf_init(&query->text, 32 * LIMIT_QUERY);
    if (text.len > LIMIT_QUERY) {
        set_hint(query, too_long, (struct slice){0});
        text = utf8_prefix(text, LIMIT_QUERY);
    }
    struct buf clean;
    struct parser parser = {.query = query, .folder = folder, .now = now};
    buf_init(&clean, 3 * LIMIT_QUERY);
    if (lex_clean(text, &clean)) {
        parser.lexer = (struct lexer){.in = buf_slice(&clean)};
        query->root = parse_or(&parser, FIELD_NONE);
    } else {
        parser.failed = ERR_NO_MEMORY;
    }
    buf_finish(&clean);
    if (parser.failed == ERR_LIMIT)
        return error_set(err, ERR_LIMIT, "A search has more than %zu words", LIMIT_TERMS);
    return parser.failed == ERR_NONE || error_no_memory(err);
}

void query_finish(struct query *query)
{
    buf_finish(&query->text);
}
