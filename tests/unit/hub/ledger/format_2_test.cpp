#include "hub/ledger/sqlite/schema.hpp"
#include "hub/ledger/sqlite/tables.hpp"
#include "tests/unit/hub/ledger/ledger_in_folder.hpp"

#include <gtest/gtest.h>

#include <map>

namespace ecert::hub {
namespace {

using queue::verb;

// A ledger of format 1 with one answer of ours in each of its conditions, and a delivery.
constexpr const char* format_1_rows = R"sql(
INSERT INTO content(digest, size, bytes) VALUES(x'00', 1, x'61');
INSERT INTO inbound(id, uuid, partner, channel, message_id, sender, receiver, number, type, status,
  digest, size, arrived, agency, receipt, readable, findings, traceparent, answer_status)
  SELECT value, randomblob(16), 'NZ', 'nz', 'm' || value, 'NZ', 'CN', 'NZ/' || value, 851, 70,
    x'00', 1, 5, 'NPPO', 'r', 1, '[]', '', 39 FROM (SELECT 1 AS value UNION SELECT 2 UNION SELECT 3 UNION SELECT 4);
INSERT INTO work(verb, partner, channel, inbound, status, due) VALUES
  (5, 'NZ', 'nz', 1, 0, 10), (5, 'NZ', 'nz', 2, 1, 10), (5, 'NZ', 'nz', 3, 3, 10),
  (5, 'NZ', 'nz', 4, 4, 10);
INSERT INTO counter(state, deliveries) VALUES(0, 7), (3, 2);
INSERT INTO event(at, kind, inbound, actor, detail, traceparent, hash)
  VALUES(77, 'parked', 3, 'hub', '{}', '', x'00');
PRAGMA user_version=1;
)sql";

using format_2 = ledger_in_folder;

TEST_F(format_2, answers_of_a_format_1_ledger_get_their_state_their_age_and_their_counters) {
    std::filesystem::create_directories(folder_.path());
    sqlite::connection db{file(), sqlite::access::read_write};
    sqlite::make_first_tables(db);
    db.execute(format_1_rows);
    ASSERT_TRUE(sqlite::migrate(db));

    std::map<std::pair<verb, state>, std::int64_t> counted;
    auto counters = db.prepare("SELECT verb, state, pieces FROM counter");
    while (counters.step())
        counted[{static_cast<verb>(counters.integer(0)), static_cast<state>(counters.integer(1))}] =
            counters.integer(2);
    const std::map<std::pair<verb, state>, std::int64_t> expected{
        {{verb::deliver, state::waiting}, 7},   {{verb::deliver, state::delivered}, 2},
        {{verb::respond, state::waiting}, 1},   {{verb::respond, state::queued}, 1},
        {{verb::respond, state::delivered}, 1}, {{verb::respond, state::parked}, 1}};
    EXPECT_EQ(counted, expected);

    auto parked = db.prepare("SELECT inbound, since FROM work WHERE state = ?", state::parked);
    ASSERT_TRUE(parked.step());
    EXPECT_EQ(parked.integer(0), 3);
    EXPECT_EQ(parked.integer(1), 77) << "since the last that happened to it";
}

}  // namespace
}  // namespace ecert::hub
