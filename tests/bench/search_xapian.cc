// The same pages and queries through Xapian, for `make bench-search`: CJK n-grams, words without
// stemming, 20 results with a snippet each, either by its own ranking or newest first.
//
//     search_xapian fill|time|check PAGES QUERIES DATABASE [ROUNDS [KIND]]
//
// Prints lines as search_store does. `check` prints "answers KIND HITS", one line for each query,
// with the whole number of hits.
#include "search_input.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <xapian.h>

namespace
{

constexpr unsigned flags = Xapian::QueryParser::FLAG_BOOLEAN | Xapian::QueryParser::FLAG_PHRASE |
                           Xapian::QueryParser::FLAG_LOVEHATE | Xapian::QueryParser::FLAG_WILDCARD |
                           Xapian::QueryParser::FLAG_CJK_NGRAM;

void fill(struct input *pages, const char *path)
{
    Xapian::WritableDatabase database(path, Xapian::DB_CREATE_OR_OVERWRITE);
    Xapian::TermGenerator generator;
    generator.set_flags(Xapian::TermGenerator::FLAG_CJK_NGRAM);
    struct input_page page;
    size_t count = 0;
    struct input_watch took = {1e12, 1e12};
    const struct input_watch start = input_now();
    while (input_next_page(pages, &page)) {
        const char *tags[INPUT_TAGS];
        const size_t tag_count = input_cut_tags(&page, tags);
        Xapian::Document document;
        generator.set_document(document);
        generator.set_termpos(0);
        for (const char *text : {page.title, page.note, page.site, page.text}) {
            generator.index_text(text);
            generator.increase_termpos();
        }
        for (size_t i = 0; i < tag_count; i++) {
            generator.index_text(tags[i]);
            generator.increase_termpos();
            document.add_boolean_term(std::string("K") + tags[i]);
        }
        document.set_data(std::string(page.title) + "\n" + page.text);
        database.add_document(document);
        count++;
    }
    database.commit();
    input_since(start, &took);
    std::printf("fill %zu %.3f %.3f\n", count, took.wall / 1e3, took.processor / 1e3);
}

/* Its own syntax has no names with every sign in them: the tag is a term, put to it by AND. */
Xapian::Query parse(Xapian::QueryParser &parser, const struct input_query &query)
{
    std::string text = query.text;
    const size_t tag = text.find(" tag:");
    if (tag == std::string::npos)
        return parser.parse_query(text, flags);
    const std::string name = text.substr(tag + 6, text.size() - tag - 7);
    return Xapian::Query(Xapian::Query::OP_FILTER, parser.parse_query(text.substr(0, tag), flags),
                         Xapian::Query("K" + name));
}

struct finder {
    explicit finder(const char *path) : database(path), enquire(database)
    {
        parser.set_database(database);
        parser.set_default_op(Xapian::Query::OP_AND);
        parser.set_max_expansion(0);
    }

    /* The number of hits is an estimate, unless `least` is as high as there are pages. */
    Xapian::MSet find(const struct input_query &query, bool newest, Xapian::doccount results,
                      Xapian::doccount least)
    {
        if (newest) {
            enquire.set_weighting_scheme(Xapian::BoolWeight());
            enquire.set_docid_order(Xapian::Enquire::DESCENDING);
        } else {
            enquire.set_weighting_scheme(Xapian::BM25Weight());
            enquire.set_docid_order(Xapian::Enquire::DONT_CARE);
        }
        enquire.set_query(parse(parser, query));
        return enquire.get_mset(0, results, least);
    }

    /* The title and a snippet of each. */
    void show(const Xapian::MSet &found)
    {
        const Xapian::Stem stem;
        for (auto hit = found.begin(); hit != found.end(); ++hit) {
            const std::string snippet = found.snippet(hit.get_document().get_data(), 240, stem,
                                                      Xapian::MSet::SNIPPET_BACKGROUND_MODEL |
                                                          Xapian::MSet::SNIPPET_EXHAUSTIVE |
                                                          Xapian::MSet::SNIPPET_CJK_NGRAM);
            bytes += snippet.size();
        }
    }

    Xapian::Database database;
    Xapian::QueryParser parser;
    Xapian::Enquire enquire;
    size_t bytes = 0;
};

void time_all(finder &finder, const struct input_query *queries, size_t count, size_t rounds)
{
    for (const bool newest : {false, true}) {
        for (size_t i = 0; i < count; i++) {
            struct input_watch best = {1e9, 1e9};
            struct input_watch bare = {1e9, 1e9};
            Xapian::doccount hits = 0;
            for (size_t round = 0; round < rounds; round++) {
                const struct input_watch start = input_now();
                const Xapian::MSet found = finder.find(queries[i], newest, INPUT_RESULTS, 0);
                input_since(start, &bare);
                finder.show(found);
                input_since(start, &best);
                hits = found.get_matches_estimated();
            }
            const char *sort = newest ? "newest" : "rank";
            std::printf("time %s %s %.4f %.4f %u %s\n", queries[i].kind, sort, best.wall,
                        best.processor, hits, queries[i].text);
            std::printf("bare %s %s %.4f %.4f %u %s\n", queries[i].kind, sort, bare.wall,
                        bare.processor, hits, queries[i].text);
        }
    }
}

void check(finder &finder, const struct input_query *queries, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const Xapian::doccount hits =
            finder.find(queries[i], true, 0, finder.database.get_doccount())
                .get_matches_estimated();
        std::printf("answers %s %u\n", queries[i].kind, hits);
    }
}

} // namespace

int main(int argc, char **argv)
{
    static struct input_query queries[INPUT_QUERIES];
    if (argc < 5) {
        std::fputs("search_xapian fill|time|check PAGES QUERIES DATABASE [ROUNDS [KIND]]\n",
                   stderr);
        return 2;
    }
    try {
        if (std::strcmp(argv[1], "fill") == 0) {
            struct input pages = input_open(argv[2]);
            fill(&pages, argv[4]);
            input_close(&pages);
            return 0;
        }
        struct input file = input_open(argv[3]);
        const size_t count = input_read_queries(&file, argc > 6 ? argv[6] : nullptr, queries);
        finder finder(argv[4]);
        if (std::strcmp(argv[1], "check") == 0)
            check(finder, queries, count);
        else
            time_all(finder, queries, count, argc > 5 ? std::strtoul(argv[5], nullptr, 10) : 1);
        input_close(&file);
    } catch (const Xapian::Error &error) {
        std::fprintf(stderr, "search_xapian: %s\n", error.get_description().c_str());
        return 1;
    }
    return 0;
}
