/* Writes host/store/hant_table.h: every code point that ICU's Hant-Hans transliterator turns into
 * one other code point when it stands alone. Not part of the build; run by hand when ICU's table
 * grows, then raise FOLD_VERSION in host/store/fold.h so that stores rebuild their index:
 *
 *   cc -o /tmp/hant_table host/store/gen/hant_table.c $(pkg-config --cflags --libs icu-i18n)
 *   /tmp/hant_table > host/store/hant_table.h && clang-format -i host/store/hant_table.h
 */
#include <stdio.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/uscript.h>
#include <unicode/ustring.h>
#include <unicode/utrans.h>

static UTransliterator *to_simplified;
static const UNormalizer2 *compose;

/* What one code point becomes, or itself when it becomes none or several. */
static UChar32 simplified(UChar32 cp)
{
    UChar text[16];
    int32_t len = 0;
    int32_t limit;
    UErrorCode status = U_ZERO_ERROR;
    U16_APPEND_UNSAFE(text, len, cp);
    limit = len;
    utrans_transUChars(to_simplified, text, &len, 16, 0, &limit, &status);
    UChar32 result;
    int32_t at = 0;
    U16_NEXT(text, at, len, result);
    return U_SUCCESS(status) && at == len ? result : cp;
}

static UChar32 composed(UChar32 cp)
{
    UChar text[2];
    UChar out[16];
    int32_t len = 0;
    UErrorCode status = U_ZERO_ERROR;
    U16_APPEND_UNSAFE(text, len, cp);
    int32_t out_len = unorm2_normalize(compose, text, len, out, 16, &status);
    UChar32 result;
    int32_t at = 0;
    U16_NEXT(out, at, out_len, result);
    return U_SUCCESS(status) && at == out_len ? result : cp;
}

int main(void)
{
    UErrorCode status = U_ZERO_ERROR;
    UChar id[] = u"Hant-Hans";
    to_simplified = utrans_openU(id, -1, UTRANS_FORWARD, NULL, 0, NULL, &status);
    compose = unorm2_getNFKCCasefoldInstance(&status);
    if (U_FAILURE(status)) {
        fprintf(stderr, "%s\n", u_errorName(status));
        return 1;
    }
    printf("/* Traditional to simplified Chinese, one code point to one, sorted. Written by\n"
           " * host/store/gen/hant_table.c from ICU %s (Unicode License); do not edit. */\n"
           "#ifndef STORE_HANT_TABLE_H\n#define STORE_HANT_TABLE_H\n\n#include <stdint.h>\n\n"
           "struct hant_pair {\n    uint32_t from;\n    uint32_t to;\n};\n\n"
           "static const struct hant_pair hant_table[] = {\n",
           U_ICU_VERSION);
    for (UChar32 cp = 0x80; cp <= 0x10FFFF; cp++) {
        UErrorCode ignored = U_ZERO_ERROR;
        if (uscript_getScript(cp, &ignored) != USCRIPT_HAN || composed(cp) != cp)
            continue; /* folding composes first, so compatibility forms never get here */
        UChar32 to = cp;
        for (int steps = 0; steps < 4;
             steps++) /* to the end of a chain, so that folding is stable */
            to = composed(simplified(to));
        if (to != cp)
            printf("{0x%04X, 0x%04X},", (unsigned)cp, (unsigned)to);
    }
    printf("};\n\n#endif\n");
    utrans_close(to_simplified);
    return 0;
}
