/* page: origins, origins_places: who may open a connection when processes share them. */
#include "base/limits.h"
#include "fetch_processes.h"
#include "page/origins.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define COUNT(table) (sizeof(table) / sizeof *(table))

/* ---- places ---- */

static void an_origin_has_few_places(void **state)
{
    (void)state;
    static const char *const keys[] = {"http://a:80", "https://a:443", "http://b:80", ""};
    struct lockfile *lock = processes_lock();
    struct error err = {0};
    struct places places[COUNT(keys)];
    bool grown = false;
    for (size_t i = 0; i < COUNT(keys); i++) {
        assert_true(places_init(&places[i], slice_of(keys[i]), &err));
        assert_in_range(places[i].first, 0, LOCKFILE_WORKERS - 8);
        assert_int_equal(places[i].first % 8, 0);
        for (size_t k = 0; k < i; k++)
            assert_true(places[i].first != places[k].first);
    }
    for (size_t i = 1; i <= LIMIT_HOST_CONNECTIONS; i++) {
        assert_true(places_grow(&places[0], lock, &grown, &err));
        assert_true(grown);
        assert_int_equal(places[0].count, i);
    }
    assert_true(places_grow(&places[0], lock, &grown, &err));
    assert_false(grown);
    assert_false(places[0].asking);
    /* Open sockets keep theirs. */
    places_add_socket(&places[0], 1000);
    places_add_socket(&places[0], 1001);
    places_shrink(&places[0], lock, 1);
    assert_int_equal(places[0].count, 2);
    places_remove_socket(&places[0], 1000);
    places_remove_socket(&places[0], 1000);
    places_shrink(&places[0], lock, 0);
    assert_int_equal(places[0].count, 1);
    for (int i = 0; i < 2 * PLACES_SOCKETS; i++)
        places_add_socket(&places[0], 2000 + i);
    assert_int_equal(places[0].socket_count, PLACES_SOCKETS);
    places_finish(&places[0], lock);
    assert_int_equal(places[0].count, 0);
    lockfile_close(lock);
}

static void who_has_a_place_leaves_the_next_to_who_has_none(void **state)
{
    (void)state;
    struct lockfile *lock = processes_lock();
    struct error err = {0};
    struct places places;
    bool grown = false;
    bool wanted = true;
    assert_true(places_init(&places, slice_of("http://a:80"), &err));
    size_t held = 0;
    pid_t five = process_hold("http://a:80", 5, &held);
    assert_int_equal(held, 5);
    assert_true(places_grow(&places, lock, &grown, &err));
    assert_true(grown);
    assert_true(places_are_wanted(&places, lock, &wanted, &err));
    assert_false(wanted);
    pid_t none = process_hold("http://a:80", 1, &held);
    assert_int_equal(held, 0);
    assert_true(places_are_wanted(&places, lock, &wanted, &err));
    assert_true(wanted);
    process_kill(five);
    assert_true(places_are_wanted(&places, lock, &wanted, &err));
    assert_false(wanted); /* there are free ones */
    assert_true(places_grow(&places, lock, &grown, &err));
    assert_false(grown);
    process_kill(none);
    assert_true(places_grow(&places, lock, &grown, &err));
    assert_true(grown);
    places_finish(&places, lock);
    /* And the other way round. */
    pid_t all = process_hold("http://a:80", LIMIT_HOST_CONNECTIONS, &held);
    assert_true(places_grow(&places, lock, &grown, &err));
    assert_false(grown);
    assert_true(places.asking);
    process_kill(all);
    assert_true(places_grow(&places, lock, &grown, &err));
    assert_true(grown);
    assert_false(places.asking);
    places_finish(&places, lock);
    lockfile_close(lock);
}

/* ---- origins ---- */

static void fill(struct origins *origins, struct transfer_common *common, struct transfer **list,
                 size_t count)
{
    struct error err = {0};
    const struct fetch_request request = {.url = "http://a/", .max_bytes = 1, .timeout_ms = 1};
    for (size_t i = 0; i < count; i++) {
        assert_true(transfer_create(common, &request, &list[i], &err));
        assert_true(origins_add(origins, list[i], &err));
    }
}

static void end_all(struct origins *origins, struct transfer **list, size_t count)
{
    const struct transfers none = {0};
    for (size_t i = 0; i < count; i++) {
        struct origin *origin = list[i]->origin;
        origins_release(origins, list[i]);
        transfer_destroy(list[i]);
        origins_settle(origins, origin, &none);
    }
}

static void streams_of_one_connection_need_one_place(void **state)
{
    (void)state;
    enum { STREAMS = 20 };
    struct lockfile *lock = processes_lock();
    struct transfer_common common = {.shared = true};
    struct origins origins;
    struct transfer *list[STREAMS];
    origins_init(&origins, lock);
    fill(&origins, &common, list, STREAMS);
    struct origin *origin = list[0]->origin;
    origin->multiplexed = true;
    for (size_t i = 0; i < STREAMS; i++)
        assert_non_null(origins_take(&origins, 0));
    assert_int_equal(origin->places.count, 1);
    end_all(&origins, list, STREAMS);
    assert_int_equal(origin->places.count, 1); /* kept for what comes next */
    origins_finish(&origins);
    lockfile_close(lock);
}

static void places_follow_what_is_to_be_done(void **state)
{
    (void)state;
    enum { REQUESTS = 8 };
    struct lockfile *lock = processes_lock();
    struct transfer_common common = {.shared = true};
    struct origins origins;
    struct transfer *list[REQUESTS];
    origins_init(&origins, lock);
    fill(&origins, &common, list, REQUESTS);
    struct origin *origin = list[0]->origin;
    assert_int_equal(origins_delay(&origins, 0), 0);
    for (size_t i = 0; i < LIMIT_HOST_CONNECTIONS; i++)
        assert_non_null(origins_take(&origins, 0));
    assert_null(origins_take(&origins, 0));
    assert_int_equal(origins_delay(&origins, 0), -1); /* its own bound, no clock */
    assert_int_equal(origin->places.count, LIMIT_HOST_CONNECTIONS);
    end_all(&origins, list, 3);
    assert_int_equal(origin->places.count, 5); /* three under way, two wait */
    assert_non_null(origins_take(&origins, 0));
    assert_non_null(origins_take(&origins, 0));
    end_all(&origins, list + 3, 4);
    assert_int_equal(origin->places.count, 1);
    end_all(&origins, list + 7, 1);
    assert_int_equal(origin->places.count, 1);
    size_t held = 0;
    pid_t five = process_hold("http://a", 5, &held);
    pid_t none = process_hold("http://a", 1, &held);
    origins_offer(&origins, &(struct transfers){0}, 1000);
    assert_int_equal(origin->places.count, 0);
    process_kill(none);
    process_kill(five);
    origins_finish(&origins);
    lockfile_close(lock);
}

static void of_idle_places_others_get_one_at_a_time(void **state)
{
    (void)state;
    enum { REQUESTS = 12 };
    struct lockfile *lock = processes_lock();
    struct transfer_common common = {.shared = true};
    struct origins origins;
    struct transfer *list[REQUESTS];
    origins_init(&origins, lock);
    fill(&origins, &common, list, REQUESTS);
    struct origin *origin = list[0]->origin;
    for (size_t i = 0; i < LIMIT_HOST_CONNECTIONS; i++)
        assert_non_null(origins_take(&origins, 0));
    size_t held = 0;
    pid_t waits = process_hold("http://a", 1, &held);
    assert_int_equal(held, 0);
    end_all(&origins, list, LIMIT_HOST_CONNECTIONS); /* six more wait */
    assert_int_equal(origin->places.count, LIMIT_HOST_CONNECTIONS - 1);
    for (size_t i = 0; i < LIMIT_HOST_CONNECTIONS - 1; i++)
        assert_non_null(origins_take(&origins, 0));
    assert_null(origins_take(&origins, 0)); /* the sixth is for who waits */
    assert_int_equal(origins_delay(&origins, 0), 50);
    process_kill(waits);
    assert_non_null(origins_take(&origins, 50));
    end_all(&origins, list + LIMIT_HOST_CONNECTIONS, LIMIT_HOST_CONNECTIONS);
    origins_finish(&origins);
    lockfile_close(lock);
}

static void a_place_is_tried_for_again_after_a_while(void **state)
{
    (void)state;
    struct lockfile *lock = processes_lock();
    struct transfer_common common = {.shared = true};
    struct origins origins;
    struct transfer *list[1];
    origins_init(&origins, lock);
    fill(&origins, &common, list, 1);
    size_t held = 0;
    pid_t all = process_hold("http://a", LIMIT_HOST_CONNECTIONS, &held);
    assert_null(origins_take(&origins, 1000));
    assert_int_equal(origins_delay(&origins, 1000), 50);
    assert_int_equal(origins_delay(&origins, 1049), 1);
    assert_int_equal(origins_delay(&origins, 1050), 0);
    process_kill(all);
    assert_null(origins_take(&origins, 1049));
    assert_ptr_equal(origins_take(&origins, 1050), list[0]);
    end_all(&origins, list, 1);
    /* Who is given up waits no longer. */
    origins_finish(&origins);
    origins_init(&origins, lock);
    all = process_hold("http://a", LIMIT_HOST_CONNECTIONS, &held);
    fill(&origins, &common, list, 1);
    struct origin *origin = list[0]->origin;
    assert_null(origins_take(&origins, 1000));
    assert_true(origin->places.asking);
    process_kill(all);
    assert_ptr_equal(origins_give_up(&origins), list[0]);
    assert_false(origin->places.asking);
    transfer_destroy(list[0]);
    origins_finish(&origins);
    lockfile_close(lock);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_origin_has_few_places),
        cmocka_unit_test(who_has_a_place_leaves_the_next_to_who_has_none),
        cmocka_unit_test(streams_of_one_connection_need_one_place),
        cmocka_unit_test(places_follow_what_is_to_be_done),
        cmocka_unit_test(of_idle_places_others_get_one_at_a_time),
        cmocka_unit_test(a_place_is_tried_for_again_after_a_while),
    };
    return cmocka_run_group_tests(tests, processes_begin, processes_end);
}
