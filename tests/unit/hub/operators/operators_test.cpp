#include "config/log.hpp"
#include "hub/operators/operator_api.hpp"
#include "hub/operators/unix_user.hpp"
#include "tests/unit/hub/listen/fake_incoming.hpp"
#include "tests/unit/hub/listen/fake_ledger.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

namespace ecert::hub::tests {
namespace {

struct still_dispatch final : dispatch {
    unsigned woken = 0;
    awaitable<time_point> step() override { co_return time_point{}; }
    awaitable<void> apply(queue::outcome) override { co_return; }
    awaitable<void> alone(std::int64_t, std::uint32_t, bool) override { co_return; }
    awaitable<void> run() override { co_return; }
    void wake() override { ++woken; }
    awaitable<void> stop(duration) override { co_return; }
    std::vector<channel_status> channels() const override {
        return {{"nz", 64, 3, "open until 12:00", "connection refused", true}};
    }
    std::vector<std::string> waits() const override {
        return {"work for NZ waits for a place in its queue"};
    }
    void queue_renewed(const std::string& partner) override { renewed.push_back(partner); }
    std::vector<std::string> renewed;
};

// Figures and rebuilds as a test scripts them.
struct scripted_queue final : queue::transport {
    void declare(const std::string&) override {}
    awaitable<queue::publication> publish(std::string, std::string, duration) override {
        co_return queue::publication::refused;
    }
    std::unique_ptr<queue::consumer> consume(const std::string&, unsigned) override {
        return nullptr;
    }
    awaitable<std::vector<queue::queue_figures>> figures(duration) override { co_return seen; }
    awaitable<queue::rebuilding> rebuild(std::string queue, duration) override {
        rebuilt.push_back(queue);
        if (queue == refusing) co_return queue::rebuilding{.trouble = "access refused"};
        co_return queue::rebuilding{.done = true, .before = 7};
    }
    queue::transport_state state() const override { return standing; }
    void close() override {}

    std::vector<queue::queue_figures> seen;
    std::vector<std::string> rebuilt;
    std::string refusing;
    queue::transport_state standing;
};

struct operators : testing::Test {
    boost::asio::io_context loop;
    fake_ledger ledger;
    still_dispatch dispatched;
    engine::snapshots profiles;
    manual_clock time{time_point{}};
    metrics figures;
    problems reload_finds;
    registry hosts{"0.1.0", time.steady()};
    scripted_queue over;
    bool hosts_serve = false;
    log::capture kept;
    configuration settings;
    http::handler handler;
    const std::string id = queue::to_string(id_of(2));

    operators() {
        settings.node.name = "CN";
        settings.node.data = std::filesystem::temp_directory_path();
        settings.node.operator_users = {unix_user_name(::getuid())};
        ledger.on_custody_of = [](uuid asked) -> result<custody_view> {
            if (asked != id_of(2) && asked != id_of(1))
                return failure{failure_kind::not_found, "no such delivery"};
            return parked();
        };
        open();
    }
    void open() {
        auto snapshot = std::make_shared<engine::snapshot>();
        snapshot->configuration = std::make_shared<const configuration>(settings);
        profiles.swap(snapshot);
        handler = make_operator_handler({ledger, dispatched, profiles, time, figures,
                                         [this] { return reload_finds; }, hosts, over,
                                         [this] { return dispatched.waits(); }, hosts_serve});
    }
    static custody_view parked() {
        custody_view v;
        v.certificate.emplace();
        v.certificate->certificate = id_of(1);
        v.certificate->delivery = v.id = id_of(2);
        v.certificate->agency = "GACC";
        v.certificate->envelope.number = "PC/1";
        v.partner = "NZ";
        v.state = state::parked;
        v.holder = "operator";
        v.reason = "horizon-passed";
        v.next_try = time_point{1h};
        return v;
    }
    http::response ask(fake_incoming request, unsigned uid = ::getuid()) {
        request.from_unix(uid);
        return run(loop, handler(request));
    }
    http::response act(const std::string& verb, const std::string& json) {
        return ask(
            fake_incoming{"POST", "/v1/work/" + id + "/" + verb}.body("application/json", json));
    }
};

TEST_F(operators, only_the_users_named_may_operate) {
    EXPECT_EQ(ask({"GET", "/v1/channels"}).status, 200);
    EXPECT_EQ(ask({"GET", "/v1/channels"}, 3999999).status, 403) << "a user that does not exist";
    settings.node.operator_users = {"somebody-else"};
    open();
    EXPECT_EQ(ask({"GET", "/v1/channels"}).status, 403);
    fake_incoming nobody{"GET", "/v1/channels"};
    EXPECT_EQ(run(loop, handler(nobody)).status, 403) << "not over the Unix socket";
}

TEST_F(operators, custody_is_listed_in_flat_rows) {
    list_query asked;
    ledger.on_custody = [&](const list_query& q) -> result<page<custody_view>> {
        asked = q;
        page<custody_view> p;
        p.rows.push_back(parked());
        p.next = "2";
        return p;
    };
    const auto body = json_of(ask({"GET", "/v1/work?unfinished=true&agency=GACC&state=parked"}));
    EXPECT_TRUE(asked.unfinished_first);
    EXPECT_EQ(asked.agency, "GACC");
    EXPECT_EQ(text_at(body, "/next"), "2");
    for (const auto* name :
         {"certificate", "delivery", "agency",       "partner", "channel",     "from",
          "to",          "number",   "type",         "status",  "state",       "accepted",
          "size",        "sha256",   "holder",       "since",   "last_answer", "attempts",
          "next_try",    "reason",   "who_must_act", "verb",    "id"})
        EXPECT_NE(text_at(body, std::string{"/rows/0/"} + name), "(none)") << name;
    EXPECT_EQ(text_at(body, "/rows/0/next_try"), "1970-01-01T01:00:00.000Z");
    EXPECT_EQ(text_at(body, "/rows/0/owed"), "certificate PC/1 to NZ");
}

TEST_F(operators, an_answer_of_ours_is_shown_and_acted_on_by_the_id_of_what_it_answers) {
    custody_view v;
    v.verb = queue::verb::respond;
    v.id = id_of(4);
    v.partner = "NZ";
    v.state = state::parked;
    v.inbound.emplace();
    v.inbound->inbound = id_of(4);
    v.inbound->agency = "GACC";
    v.inbound->envelope.number = "NZ/7";
    v.inbound->answer_status = 39;
    v.reason = "unrecognised-answer";
    ledger.on_custody_of = [v](uuid) -> result<custody_view> { return v; };
    ledger.on_events = [](uuid which, const std::string&) -> result<std::vector<event_view>> {
        EXPECT_EQ(which, id_of(4));
        return std::vector<event_view>{{1, {}, "answered", "agency:GACC", "{}", ""}};
    };
    const std::string path = "/v1/work/" + queue::to_string(id_of(4));
    const auto body = json_of(ask({"GET", path}));
    EXPECT_EQ(text_at(body, "/owed"), "our answer to NZ about certificate NZ/7");
    EXPECT_EQ(text_at(body, "/verb"), "respond");
    EXPECT_EQ(text_at(body, "/state"), "parked");
    EXPECT_EQ(text_at(body, "/inbound"), queue::to_string(id_of(4)));
    EXPECT_EQ(text_at(body, "/answer"), "accepted");
    EXPECT_EQ(text_at(body, "/events/0/kind"), "answered");

    ledger.on_act = [](const char*, uuid which, auto...) -> result<state> {
        EXPECT_EQ(which, id_of(4));
        return state::waiting;
    };
    fake_incoming retry{"POST", path + "/retry"};
    EXPECT_EQ(ask(retry.body("application/json", R"({"reason":"they fixed it"})")).status, 200);
}

TEST_F(operators, of_several_things_owed_about_an_arrival_the_ledger_chooses) {
    custody_view v;
    v.verb = queue::verb::confirm;  // a second confirmation is owed first
    v.id = id_of(5);
    v.inbound.emplace();
    v.inbound->inbound = id_of(4);
    v.pulled.emplace();
    ledger.on_custody_of = [v](uuid) -> result<custody_view> { return v; };
    ledger.on_act = [](const char*, uuid which, auto...) -> result<state> {
        EXPECT_EQ(which, id_of(4)) << "as it was asked";
        return state::waiting;
    };
    fake_incoming retry{"POST", "/v1/work/" + queue::to_string(id_of(4)) + "/retry"};
    EXPECT_EQ(ask(retry.body("application/json", R"({"reason":"they fixed it"})")).status, 200);
}

TEST_F(operators, a_list_may_ask_for_one_verb) {
    list_query asked;
    ledger.on_custody = [&](const list_query& q) -> result<page<custody_view>> {
        asked = q;
        return page<custody_view>{};
    };
    EXPECT_EQ(ask({"GET", "/v1/work?verb=respond"}).status, 200);
    EXPECT_EQ(asked.verb, queue::verb::respond);
    EXPECT_EQ(ask({"GET", "/v1/work?verb=send"}).status, 422);
}

TEST_F(operators, one_delivery_is_shown_with_its_events) {
    ledger.on_events = [](uuid which, const std::string&) -> result<std::vector<event_view>> {
        EXPECT_EQ(which, id_of(1)) << "events belong to the certificate";
        return std::vector<event_view>{{1, {}, "parked", "hub", "{}", ""}};
    };
    const auto body = json_of(ask({"GET", "/v1/work/" + id}));
    EXPECT_EQ(text_at(body, "/state"), "parked");
    EXPECT_EQ(text_at(body, "/events/0/kind"), "parked");
    EXPECT_EQ(ask({"GET", "/v1/work/" + queue::to_string(id_of(8))}).status, 404);
    EXPECT_EQ(ask({"GET", "/v1/work/8"}).status, 404);
}

TEST_F(operators, every_act_is_carried_out_with_actor_and_reason) {
    std::string done;
    ledger.on_act = [&](const char* verb, uuid d, const std::string& actor,
                        const std::string& reason) -> result<state> {
        EXPECT_EQ(d, id_of(2));
        done = std::string{verb} + " by " + actor + ": " + reason;
        return state::waiting;
    };
    for (const std::string verb : {"retry", "hold", "release", "cancel"}) {
        const auto r = act(verb, R"({"reason":"the partner called"})");
        EXPECT_EQ(r.status, 200) << body_of(r);
        EXPECT_EQ(text_at(json_of(r), "/state"), "waiting");
        EXPECT_EQ(done,
                  verb + " by operator:" + unix_user_name(::getuid()) + ": the partner called");
    }
    EXPECT_EQ(dispatched.woken, 4u);
}

TEST_F(operators, an_act_without_a_reason_is_refused) {
    for (const auto* json : {"", "{}", R"({"reason":""})", R"({"reason":7})", "[1]"})
        EXPECT_EQ(error_ids(act("retry", json)), "OPS-REASON-MISSING") << json;
}

TEST_F(operators, an_act_that_makes_no_sense_is_409_with_the_reason) {
    ledger.on_act = [](auto...) -> result<state> {
        return failure{failure_kind::conflict, "it is delivered: there is nothing to retry"};
    };
    const auto r = act("retry", R"({"reason":"try"})");
    EXPECT_EQ(r.status, 409);
    EXPECT_NE(text_at(json_of(r), "/detail").find("nothing to retry"), std::string::npos);
    EXPECT_EQ(dispatched.woken, 0u);
}

TEST_F(operators, status_counts_and_measures) {
    ledger.on_counts = []() -> result<std::vector<work_count>> {
        return std::vector<work_count>{{queue::verb::deliver, state::waiting, 5},
                                       {queue::verb::deliver, state::parked, 2},
                                       {queue::verb::respond, state::parked, 1}};
    };
    const auto body = json_of(ask({"GET", "/v1/status"}));
    EXPECT_EQ(text_at(body, "/node"), "CN");
    EXPECT_EQ(text_at(body, "/states/waiting"), "5");
    EXPECT_EQ(text_at(body, "/states/parked"), "2");
    EXPECT_EQ(text_at(body, "/owed/respond/parked"), "1");
    EXPECT_EQ(text_at(body, "/waits/0"), "work for NZ waits for a place in its queue");
    EXPECT_EQ(text_at(body, "/channels/0/circuit"), "open until 12:00");
    EXPECT_NE(text_at(body, "/disk/free_bytes"), "null");
}

TEST_F(operators, the_audit_says_whether_the_events_are_whole) {
    ledger.on_audit = []() -> result<audit_result> {
        return audit_result{12, false, 7, "event 7 was changed"};
    };
    const auto body = json_of(ask({"GET", "/v1/audit"}));
    EXPECT_EQ(text_at(body, "/events"), "12");
    EXPECT_EQ(text_at(body, "/whole"), "false");
    EXPECT_EQ(text_at(body, "/broken_at"), "7");
}

TEST_F(operators, a_bad_configuration_is_refused_with_its_problems) {
    EXPECT_EQ(ask({"POST", "/v1/reload"}).status, 200);
    reload_finds = {{"CFG-SYNTAX", severity::error, "node.toml:3", "", ""}};
    const auto r = ask({"POST", "/v1/reload"});
    EXPECT_EQ(r.status, 422);
    EXPECT_EQ(error_ids(r), "CFG-SYNTAX");
}

struct health_door : testing::Test {
    boost::asio::io_context loop;
    metrics figures;
    std::vector<std::string> reasons;
    std::vector<std::string> waits;
    http::handler handler =
        make_health_handler({figures, [this] { return reasons; }, [this] { return waits; }});
    http::response get(const std::string& path) {
        fake_incoming request{"GET", path};
        return run(loop, handler(request));
    }
};

TEST_F(health_door, alive_is_not_ready) {
    reasons = {"the disk is below its reserve", "no partner can be reached"};
    EXPECT_EQ(get("/healthz").status, 200);
    const auto r = get("/readyz");
    EXPECT_EQ(r.status, 503);
    EXPECT_EQ(text_at(json_of(r), "/reasons/1"), "no partner can be reached");
    reasons.clear();
    EXPECT_EQ(get("/readyz").status, 200);
}

TEST_F(health_door, ready_says_what_waits_for_what) {
    waits = {"work for NZ waits for a place in its queue"};
    const auto r = get("/readyz");
    EXPECT_EQ(r.status, 200) << "certificates are taken in all the same";
    EXPECT_EQ(text_at(json_of(r), "/waits/0"), "work for NZ waits for a place in its queue");
}

TEST_F(health_door, figures_are_in_the_text_format) {
    figures.accepted("GACC");
    const auto r = get("/metrics");
    EXPECT_EQ(r.fields.get("Content-Type"), "text/plain; version=0.0.4; charset=utf-8");
    EXPECT_NE(body_of(r).find("ecert_accepted_total"), std::string::npos);
    EXPECT_EQ(get("/v1/work").status, 404) << "nothing else is behind this door";
}

TEST_F(operators, worker_hosts_are_shown_with_what_is_wrong) {
    queue::heartbeat beat;
    beat.adapter = "abroad";
    beat.version = "0.0.9";
    beat.now = time.now();
    hosts.take(beat, {}, {}, {time.now(), time.steady()});
    const auto given = json_of(ask({"GET", "/v1/workers"}));
    const auto& row = given.at("rows").at(0);
    EXPECT_EQ(row.at("host"), "abroad");
    EXPECT_EQ(row.at("silent"), false);
    EXPECT_EQ(row.at("troubles").at(0).at("kind"), "other-version");
}

// ---- the queue ---------------------------------------------------------------------------------

struct queue_door : operators {
    queue_door() {
        settings.node.queue.kind = "amqp";
        settings.partners["NZ"] = {.name = "NZ", .channel = "nz"};
        settings.partners["NL"] = {.name = "NL", .channel = "ippc"};
        ledger.on_due = [] {
            return std::vector<due_partner>{{"NL", "ippc", time_point{2h}, 0},
                                            {"NZ", "nz", time_point{30min}, 1'000}};
        };
        ledger.on_leased = [] {
            return std::vector<open_lease>{{1, 1, "NZ", "nz", {}, false},
                                           {2, 1, "NZ", "nz", {}, false}};
        };
        ledger.on_note_act = [this](const std::string& kind, const std::string& actor,
                                    const std::string& detail) -> result<void> {
            noted = kind + " by " + actor + ": " + detail;
            return {};
        };
        over.seen = {{"work.NZ", 5, 0, 3, 2, ""}, {"outcomes", 1, 4, 0, 1, ""}};
        open();
    }
    http::response rebuild(const std::string& json) {
        return ask(fake_incoming{"POST", "/v1/queue/rebuild"}.body("application/json", json));
    }
    std::string noted;
};

TEST_F(queue_door, each_partner_shows_the_ledgers_figures_beside_the_brokers) {
    const auto body = json_of(ask({"GET", "/v1/queue"}));
    EXPECT_EQ(text_at(body, "/kind"), "amqp");
    EXPECT_EQ(text_at(body, "/publishing"), "true");
    EXPECT_EQ(text_at(body, "/outcomes/unsettled_here"), "4");
    EXPECT_EQ(text_at(body, "/poison"), "null");
    EXPECT_EQ(text_at(body, "/rows/0/partner"), "NL");
    EXPECT_EQ(text_at(body, "/rows/0/due"), "0");
    EXPECT_EQ(text_at(body, "/rows/0/next_due"), "1970-01-01T02:00:00.000Z");
    EXPECT_EQ(text_at(body, "/rows/0/queue"), "null") << "the broker said nothing of it";
    EXPECT_EQ(text_at(body, "/rows/1/partner"), "NZ");
    EXPECT_EQ(text_at(body, "/rows/1/due"), "1000");
    EXPECT_EQ(text_at(body, "/rows/1/due_at_least"), "true");
    EXPECT_EQ(text_at(body, "/rows/1/oldest_due"), "1970-01-01T00:30:00.000Z");
    EXPECT_EQ(text_at(body, "/rows/1/in_flight"), "2");
    EXPECT_EQ(text_at(body, "/rows/1/window"), "64");
    EXPECT_EQ(text_at(body, "/rows/1/circuit"), "open until 12:00");
    EXPECT_EQ(text_at(body, "/rows/1/served"), "true");
    EXPECT_EQ(text_at(body, "/rows/1/queue/ready"), "5");
    EXPECT_EQ(text_at(body, "/rows/1/queue/unconfirmed"), "3");
    EXPECT_EQ(text_at(body, "/rows/1/queue/consumers"), "2");
}

TEST_F(queue_door, a_broker_that_is_gone_is_not_asked_and_is_named) {
    over.standing = {false, false, "b1:5672: refused", time_point{1h}};
    const auto body = json_of(ask({"GET", "/v1/queue"}));
    EXPECT_EQ(text_at(body, "/publishing"), "false");
    EXPECT_EQ(text_at(body, "/trouble"), "b1:5672: refused");
    EXPECT_EQ(text_at(body, "/since"), "1970-01-01T01:00:00.000Z");
    EXPECT_EQ(text_at(body, "/rows/1/due"), "1000")
        << "the ledger's figures are there all the same";
    EXPECT_EQ(text_at(body, "/rows/1/queue"), "null");
}

TEST_F(queue_door, queues_are_rebuilt_as_asked_with_what_was_in_them_and_audited) {
    const auto r = rebuild(R"({"partners":["NZ"],"outcomes":true,"reason":"the disk was lost"})");
    ASSERT_EQ(r.status, 200) << body_of(r);
    EXPECT_EQ(over.rebuilt, (std::vector<std::string>{"outcomes", "work.NZ"}));
    EXPECT_EQ(text_at(json_of(r), "/rows/1/queue"), "work.NZ");
    EXPECT_EQ(text_at(json_of(r), "/rows/1/done"), "true");
    EXPECT_EQ(text_at(json_of(r), "/rows/1/before"), "7");
    EXPECT_EQ(noted, "queue-rebuild by operator:" + unix_user_name(::getuid()) +
                         R"(: {"reason":"the disk was lost","queues":["outcomes","work.NZ"]})");
    EXPECT_EQ(dispatched.renewed, std::vector<std::string>{"NZ"});
}

TEST_F(queue_door, all_means_every_partner_outcomes_and_poison) {
    EXPECT_EQ(rebuild(R"({"all":true,"reason":"x"})").status, 200);
    EXPECT_EQ(over.rebuilt, (std::vector<std::string>{"outcomes", "poison", "work.NL", "work.NZ"}));
}

TEST_F(queue_door, a_rebuild_that_names_nobody_or_a_stranger_touches_nothing) {
    EXPECT_EQ(error_ids(rebuild(R"({"reason":"x"})")), "OPS-NO-QUEUE");
    EXPECT_EQ(error_ids(rebuild(R"({"partners":["NZ","XX"],"reason":"x"})")),
              "OPS-PARTNER-UNKNOWN");
    EXPECT_EQ(error_ids(rebuild(R"({"all":true})")), "OPS-REASON-MISSING");
    EXPECT_TRUE(over.rebuilt.empty());
    EXPECT_EQ(noted, "");
}

TEST_F(queue_door, nothing_is_rebuilt_that_cannot_be_audited_or_while_the_broker_is_gone) {
    ledger.on_note_act = [](auto...) -> result<void> {
        return failure{failure_kind::unavailable, "the disk is full"};
    };
    EXPECT_EQ(rebuild(R"({"all":true,"reason":"x"})").status, 503);
    over.standing = {false, false, "b1:5672: refused", {}};
    EXPECT_EQ(rebuild(R"({"all":true,"reason":"x"})").status, 503);
    EXPECT_TRUE(over.rebuilt.empty());
}

TEST_F(queue_door, a_queue_that_could_not_be_rebuilt_says_why) {
    over.refusing = "work.NL";
    const auto body = json_of(rebuild(R"({"partners":["NL"],"reason":"x"})"));
    EXPECT_EQ(text_at(body, "/rows/0/done"), "false");
    EXPECT_EQ(text_at(body, "/rows/0/trouble"), "access refused");
}

TEST_F(queue_door, due_work_says_that_the_queue_is_gone_or_that_nobody_serves_its_partner) {
    custody_view v;
    v.id = id_of(2);
    v.partner = "NZ";
    v.holder = "hub";
    v.next_try = time.now();
    ledger.on_custody_of = [&](uuid) -> result<custody_view> { return v; };
    ledger.on_events = [](uuid, const std::string&) { return std::vector<event_view>{}; };
    const auto reason = [&] { return text_at(json_of(ask({"GET", "/v1/work/" + id})), "/reason"); };
    time.advance(1h);
    EXPECT_EQ(reason(), "") << "workers in this process serve everybody";
    hosts_serve = true;
    open();
    EXPECT_EQ(reason(), "waits: no worker serves NZ");
    over.standing = {false, true, "b1:5672: refused", {}};
    EXPECT_EQ(reason(), "waits for the queue: b1:5672: refused");
}

}  // namespace
}  // namespace ecert::hub::tests
