#include "store/query_lex.h"

#include "base/utf8.h"

/* Quotation marks come in families; any closing mark of the family closes. */
enum quotes { QUOTES_NONE, QUOTES_ROUND, QUOTES_CORNER, QUOTES_WHITE_CORNER };

static uint32_t look(const struct lexer *lexer, size_t at, size_t *len_out)
{
    uint32_t cp = 0;
    *len_out = at < lexer->in.len ? utf8_decode(lexer->in, at, &cp) : 0;
    return cp;
}

static bool is_space(uint32_t cp)
{
    switch (cp) {
    case ' ':
    case 0xA0:
    case 0x2028:
    case 0x2029:
    case 0x3000:
    /* Chinese commas and stops stand where others set a space. */
    case 0x3001:
    case 0x3002:
    case 0xFF0C:
    case 0xFF1B:
    case 0xFF01:
    case 0xFF1F:
        return true;
    default:
        return cp >= 0x2000 && cp <= 0x200A;
    }
}

static bool is_open(uint32_t cp)
{
    return cp == '(' || cp == 0xFF08;
}

static bool is_close(uint32_t cp)
{
    return cp == ')' || cp == 0xFF09;
}

static bool is_minus(uint32_t cp)
{
    return cp == '-' || cp == 0xFF0D || cp == 0x2212;
}

static bool is_colon(uint32_t cp)
{
    return cp == ':' || cp == 0xFF1A;
}

static bool is_hash(uint32_t cp)
{
    return cp == '#' || cp == 0xFF03;
}

static enum quotes opening(uint32_t cp)
{
    switch (cp) {
    case '"':
    case 0x201C:
    case 0x201D:
    case 0x201E:
    case 0xFF02:
        return QUOTES_ROUND;
    case 0x300C:
        return QUOTES_CORNER;
    case 0x300E:
        return QUOTES_WHITE_CORNER;
    default:
        return QUOTES_NONE;
    }
}

static enum quotes closing(uint32_t cp)
{
    switch (cp) {
    case 0x300D:
        return QUOTES_CORNER;
    case 0x300F:
        return QUOTES_WHITE_CORNER;
    default:
        return opening(cp) == QUOTES_ROUND ? QUOTES_ROUND : QUOTES_NONE;
    }
}

bool lex_clean(struct slice text, struct buf *out)
{
    if (!utf8_append_valid(out, text))
        return false;
    for (size_t i = 0; i < out->len; i++) {
        if ((unsigned char)out->ptr[i] < 0x20 || out->ptr[i] == 0x7F)
            out->ptr[i] = ' ';
    }
    return true;
}

enum { NARROW_MAX = 16 };

/* A short word in ASCII, full-width letters and signs as their narrow ones; other words as they
 * are. */
static struct slice narrow(struct slice word, char room[NARROW_MAX])
{
    size_t count = 0;
    for (size_t at = 0; at < word.len;) {
        uint32_t cp;
        at += utf8_decode(word, at, &cp);
        if (cp >= 0xFF01 && cp <= 0xFF5E)
            cp -= 0xFEE0;
        if (cp > 0x7E || count == NARROW_MAX)
            return word;
        room[count++] = (char)cp;
    }
    return slice_make(room, count);
}

static enum query_field field_of(struct slice as_typed)
{
    char room[NARROW_MAX];
    struct slice name = narrow(as_typed, room);
    static const struct {
        const char *name;
        enum query_field field;
    } names[] = {
        {"title", FIELD_TITLE}, {"标题", FIELD_TITLE},  {"標題", FIELD_TITLE},
        {"note", FIELD_NOTE},   {"备注", FIELD_NOTE},   {"備註", FIELD_NOTE},
        {"url", FIELD_URL},     {"网址", FIELD_URL},    {"網址", FIELD_URL},
        {"text", FIELD_TEXT},   {"正文", FIELD_TEXT},   {"tag", FIELD_TAG},
        {"标签", FIELD_TAG},    {"標籤", FIELD_TAG},    {"site", FIELD_SITE},
        {"网站", FIELD_SITE},   {"網站", FIELD_SITE},   {"before", FIELD_BEFORE},
        {"早于", FIELD_BEFORE}, {"早於", FIELD_BEFORE}, {"after", FIELD_AFTER},
        {"晚于", FIELD_AFTER},  {"晚於", FIELD_AFTER},  {"on", FIELD_ON},
        {"在", FIELD_ON},       {"is", FIELD_IS},       {"是", FIELD_IS},
        {"lang", FIELD_LANG},   {"语言", FIELD_LANG},   {"語言", FIELD_LANG},
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (slice_equal_nocase(name, names[i].name))
            return names[i].field;
    }
    return FIELD_NONE;
}

/* Text up to the closing mark, or to the end: it is still being typed. */
static struct lexeme read_phrase(struct lexer *lexer, enum quotes quotes)
{
    size_t len;
    struct lexeme lexeme = {.kind = LEX_WORD, .start = lexer->at};
    look(lexer, lexer->at, &len);
    size_t from = lexer->at + len;
    size_t at = from;
    uint32_t cp;
    while (cp = look(lexer, at, &len), len > 0 && closing(cp) != quotes)
        at += len;
    lexeme.text = slice_sub(lexer->in, from, at - from);
    at += len;
    cp = look(lexer, at, &len);
    if (cp == '*' || cp == 0xFF0A) {
        lexeme.star = true;
        at += len;
    }
    lexer->at = at;
    return lexeme;
}

static struct slice without_star(struct slice word, bool *star_out)
{
    static const char wide[] = "\xEF\xBC\x8A"; /* U+FF0A */
    size_t before = word.len;
    for (;;) {
        if (word.len > 0 && word.ptr[word.len - 1] == '*')
            word.len--;
        else if (word.len >= 3 && memcmp(word.ptr + word.len - 3, wide, 3) == 0)
            word.len -= 3;
        else
            break;
    }
    *star_out = word.len < before;
    return word;
}

static enum lex_kind operator_of(struct slice as_typed)
{
    char room[NARROW_MAX];
    struct slice word = narrow(as_typed, room);
    if (slice_equal(word, slice_of("OR")) || slice_equal(word, slice_of("|")) ||
        slice_equal(word, slice_of("||")))
        return LEX_OR;
    if (slice_equal(word, slice_of("AND")) || slice_equal(word, slice_of("&&")))
        return LEX_AND;
    return slice_equal(word, slice_of("NOT")) ? LEX_NOT : LEX_WORD;
}

/* The offset behind the parenthesis that closes the one at `at`, or 0 when a space, a quotation
 * mark or the end comes first. */
static size_t closed_in_word(const struct lexer *lexer, size_t at)
{
    size_t open = 0;
    size_t len;
    uint32_t cp;
    while (cp = look(lexer, at, &len), len > 0) {
        if (is_space(cp) || opening(cp) != QUOTES_NONE)
            break;
        at += len;
        open += is_open(cp);
        open -= is_close(cp);
        if (open == 0)
            return at;
    }
    return 0;
}

/* A word goes to the next space, quotation mark or parenthesis; but one that opens and closes
 * inside belongs to it: f(x). */
static struct lexeme read_word(struct lexer *lexer, bool value)
{
    struct lexeme lexeme = {.kind = LEX_WORD, .start = lexer->at};
    size_t at = lexer->at;
    size_t len;
    uint32_t cp;
    bool named = value;
    while (cp = look(lexer, at, &len), len > 0) {
        if (is_space(cp) || opening(cp) != QUOTES_NONE || is_close(cp))
            break;
        if (is_open(cp)) {
            size_t behind = closed_in_word(lexer, at);
            if (behind == 0)
                break;
            at = behind;
            continue;
        }
        if (!named && is_colon(cp)) {
            named = true; /* only the first colon can end the name of a field */
            lexeme.field = field_of(slice_sub(lexer->in, lexer->at, at - lexer->at));
            if (lexeme.field != FIELD_NONE) {
                lexeme.kind = LEX_FIELD;
                lexer->at = at + len;
                return lexeme;
            }
        }
        at += len;
    }
    lexeme.text = without_star(slice_sub(lexer->in, lexer->at, at - lexer->at), &lexeme.star);
    lexeme.typing = at == lexer->in.len && !lexeme.star;
    lexer->at = at;
    if (!value && !lexeme.star)
        lexeme.kind = operator_of(lexeme.text);
    return lexeme;
}

/* Signs of one character that stand before something: true when they do. */
static bool stands_before(const struct lexer *lexer, size_t at, bool (*sign)(uint32_t))
{
    size_t len;
    uint32_t cp = look(lexer, at, &len);
    return len > 0 && !is_space(cp) && !sign(cp) && !is_close(cp);
}

static struct lexeme one_sign(struct lexer *lexer, enum lex_kind kind, size_t len)
{
    struct lexeme lexeme = {.kind = kind, .start = lexer->at};
    lexer->at += len;
    return lexeme;
}

struct lexeme lex_next(struct lexer *lexer, bool value)
{
    size_t len;
    uint32_t cp;
    while (cp = look(lexer, lexer->at, &len), len > 0 && is_space(cp)) {
        if (value)
            return (struct lexeme){.kind = LEX_NOTHING, .start = lexer->at};
        lexer->at += len;
    }
    if (len == 0)
        return (struct lexeme){.kind = LEX_END, .start = lexer->at};
    if (is_open(cp))
        return one_sign(lexer, LEX_OPEN, len);
    if (is_close(cp))
        return one_sign(lexer, LEX_CLOSE, len);
    if (opening(cp) != QUOTES_NONE)
        return read_phrase(lexer, opening(cp));
    if (!value && is_minus(cp) && stands_before(lexer, lexer->at + len, is_minus))
        return one_sign(lexer, LEX_NOT, len);
    if (!value && is_hash(cp) && stands_before(lexer, lexer->at + len, is_hash)) {
        struct lexeme lexeme = one_sign(lexer, LEX_FIELD, len);
        lexeme.field = FIELD_TAG;
        return lexeme;
    }
    return read_word(lexer, value);
}

void lex_back(struct lexer *lexer, const struct lexeme *lexeme)
{
    lexer->at = lexeme->start;
}
