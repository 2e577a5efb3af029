// The agencies' door over the real ledger: what is promised of repeats, conflicts and secrecy holds
// end to end.
#include "config/log.hpp"
#include "hub/ledger/sqlite/open.hpp"
#include "tests/unit/hub/ingest/agency_world.hpp"

#include <unistd.h>

#include <set>

namespace ecert::hub::tests {
namespace {

struct over_sqlite : agency_world {
    std::filesystem::path folder =
        std::filesystem::temp_directory_path() / ("ecert-ingest-" + std::to_string(::getpid()));
    std::unique_ptr<hub::ledger> ledger;
    log::capture quiet;

    over_sqlite() {
        std::filesystem::remove_all(folder);
        std::filesystem::create_directories(folder);
        sqlite_settings s;
        s.folder = folder;
        s.node = "CN";
        auto opened = open_sqlite_ledger(s, time);
        if (!opened) throw std::runtime_error(opened.error().text);
        ledger = std::move(*opened);
        open(*ledger);
    }
    ~over_sqlite() override {
        ledger.reset();
        std::filesystem::remove_all(folder);
    }
    static std::string where(const http::response& accepted) {
        return text_at(json_of(accepted), "/location");
    }
};

TEST_F(over_sqlite, the_same_push_twice_is_one_certificate_with_one_receipt) {
    const auto first = send("gacc", sample("phyto-851-issued.xml"));
    ASSERT_EQ(first.status, 202) << body_of(first);
    time.advance(1h);
    const auto again = send("gacc", sample("phyto-851-issued.xml"));
    EXPECT_EQ(again.status, 200);
    EXPECT_EQ(body_of(again), body_of(first));
    EXPECT_EQ(json_of(get("gacc", "/v1/certificates")).at("rows").as_array().size(), 1u);
}

TEST_F(over_sqlite, other_bytes_under_one_number_are_409_naming_the_first) {
    const auto first = send("gacc", sample("phyto-851-issued.xml"));
    const auto other = send("gacc", replaced(sample("phyto-851-issued.xml"), "18400", "18401"));
    EXPECT_EQ(other.status, 409);
    EXPECT_EQ(text_at(json_of(other), "/certificate"), text_at(json_of(first), "/certificate"));
}

TEST_F(over_sqlite, a_key_used_for_other_bytes_is_409) {
    auto first = pushing("gacc", sample("phyto-851-issued.xml"));
    first.field("Idempotency-Key", "k");
    ASSERT_EQ(ask(first).status, 202);
    auto other = pushing("gacc", sample("replacement.xml"));
    other.field("Idempotency-Key", "k");
    EXPECT_EQ(text_at(json_of(ask(other)), "/type"), "urn:ecert:problem:key-reused");
}

TEST_F(over_sqlite, a_certificate_is_shown_with_its_state_events_and_very_bytes) {
    const auto xml = sample("phyto-851-issued.xml");
    const auto at = where(send("gacc", xml));
    const auto view = json_of(get("gacc", at));
    EXPECT_EQ(text_at(view, "/number"), "CN-PHYTO-2026-000118");
    EXPECT_EQ(text_at(view, "/state"), "waiting");
    EXPECT_NE(text_at(view, "/holder"), "(none)");
    EXPECT_EQ(text_at(json_of(get("gacc", at + "/events")), "/rows/0/kind"), "accepted");
    EXPECT_EQ(body_of(get("gacc", at + "/content")), xml);
}

TEST_F(over_sqlite, another_agency_finds_nothing) {
    const auto at = where(send("gacc", sample("phyto-851-issued.xml")));
    for (const auto* rest : {"", "/events", "/content"})
        EXPECT_EQ(get("mara", at + rest).status, 404) << rest;
    EXPECT_TRUE(json_of(get("mara", "/v1/certificates")).at("rows").as_array().empty());
}

TEST_F(over_sqlite, a_refused_certificate_leaves_nothing_behind) {
    ASSERT_EQ(send("gacc", replaced(sample("phyto-851-issued.xml"), ">NZ<", ">XX<")).status, 422);
    EXPECT_TRUE(json_of(get("gacc", "/v1/certificates")).at("rows").as_array().empty());
    EXPECT_EQ(send("gacc", sample("phyto-851-issued.xml")).status, 202)
        << "mended and pushed again";
}

TEST_F(over_sqlite, pages_follow_one_another_without_gap_or_repeat) {
    std::set<std::string> pushed, seen;
    for (const auto* n : {"1", "2", "3", "4", "5"}) {
        const auto number = std::string{"CN-PHYTO-2026-90000"} + n;
        ASSERT_EQ(
            send("gacc", replaced(sample("phyto-851-issued.xml"), "CN-PHYTO-2026-000118", number))
                .status,
            202);
        pushed.insert(number);
    }
    std::string cursor;
    do {
        const auto page = json_of(get("gacc", "/v1/certificates?limit=2&cursor=" + cursor));
        for (const auto& row : page.at("rows").as_array())
            EXPECT_TRUE(seen.insert(text_at(row, "/number")).second) << "twice";
        cursor = text_at(page, "/next");
    } while (!cursor.empty());
    EXPECT_EQ(seen, pushed);
}

TEST_F(over_sqlite, a_number_of_any_script_is_found_by_its_very_bytes) {
    const auto xml =
        replaced(sample("veterinary-853.xml"), "CN-VET-2026-004711", "动检/2026\\..&lt;4711&gt;");
    ASSERT_EQ(send("mara", xml).status, 202);
    const auto found =
        json_of(get("mara", "/v1/certificates?number=%E5%8A%A8%E6%A3%80%2F2026%5C..%3C4711%3E"));
    ASSERT_EQ(found.at("rows").as_array().size(), 1u);
    EXPECT_EQ(text_at(found, "/rows/0/number"), "动检/2026\\..<4711>");
}

}  // namespace
}  // namespace ecert::hub::tests
