#include "hub/ledger/sqlite/recovery.hpp"

#include "hub/ledger/sqlite/leases.hpp"
#include "hub/ledger/sqlite/piece.hpp"

#include <fmt/format.h>

namespace ecert::hub::sqlite {
namespace {

std::int64_t meta(transaction& t, std::string_view key) {
    auto q = t.db.prepare("SELECT value FROM meta WHERE key = ?", key);
    return q.step() ? q.integer(0) : 0;
}

void set_meta(transaction& t, std::string_view key, std::int64_t value) {
    t.db.run(
        "INSERT INTO meta(key, value) VALUES(?1, ?2) "
        "ON CONFLICT(key) DO UPDATE SET value = ?2",
        key, value);
}

// What the process of that epoch had out. An older lease was void for it already: it never worked
// on that.
std::vector<std::int64_t> suspects_out(transaction& t, std::int64_t epoch) {
    static const std::string out =
        sql("SELECT id FROM work WHERE ", where::suspect_leased, " AND epoch = ?");
    std::vector<std::int64_t> rows;
    auto q = t.db.prepare(out, epoch);
    while (q.step()) rows.push_back(q.integer(0));
    return rows;
}

void park_as_poison(transaction& t, piece& p, const cause& why) {
    p.work.status = work_status::stopped;
    p.work.reason = "poison";
    p.work.advice =
        "The process died three times while this was being worked on. Keep its bytes "
        "for a report; do not retry before the cause is mended.";
    const boost::json::object detail{{"reason", "poison"}, {"crashes", p.work.crashes}};
    tell(t, p, life_event::lease_over, why);
    tell(t, p, life_event::parked, why, detail);
    alert(t, p, why, "poison",
          fmt::format("{} is parked: the process died {} times while it was being worked on",
                      subject_of(t, p), p.work.crashes));
}

void count_crash(transaction& t, std::int64_t row, const cause& why) {
    auto p = load_piece(t.db, row);
    if (++p->work.crashes >= crashes_until_poison) park_as_poison(t, *p, why);
    save(t, *p, why.at);
}

void forgive_all(transaction& t) {
    t.db.run("UPDATE work SET suspect = 0, crashes = 0 WHERE suspect = 1");
}

void suspect_what_was_out(transaction& t, std::int64_t epoch, const cause& why) {
    const auto suspects = suspects_out(t, epoch);
    if (suspects.size() == 1) count_crash(t, suspects.front(), why);
    static const std::string suspect =
        sql("UPDATE work SET suspect = 1 WHERE ", where::work_leased, " AND epoch = ?");
    t.db.run(suspect, epoch);
}

void end_with_their_process(transaction& t) {
    static const std::string end = sql("UPDATE work SET lease = 0 WHERE ", where::work_leased);
    t.db.run(end);
}

}  // namespace

std::int64_t begin_epoch(transaction& t, time_point now, bool leases_outlive_us) {
    const std::int64_t before = meta(t, "epoch");
    const std::int64_t epoch = before + 1;
    const bool clean = meta(t, "clean") == 1;
    const bool workers_live_on = meta(t, "leases_outlive") == 1;
    set_meta(t, "epoch", epoch);
    set_meta(t, "clean", 0);
    set_meta(t, "leases_outlive", leases_outlive_us ? 1 : 0);
    const cause why{now, "hub", {}};
    if (!workers_live_on) {
        clean ? forgive_all(t) : suspect_what_was_out(t, before, why);
        end_with_their_process(t);
    }
    forget_longest_lease(t);
    t.events.append({now,
                     "started",
                     std::nullopt,
                     std::nullopt,
                     "hub",
                     fmt::format(R"({{"epoch":{},"after":"{}"}})", epoch,
                                 clean ? "a clean stop" : "an unclean end"),
                     {}});
    return epoch;
}

result<void> alone(transaction& t, std::int64_t work, std::uint32_t attempt, bool is) {
    static const std::string set =
        sql("UPDATE work SET suspect = ? WHERE id = ? AND attempt = ? AND ", where::work_leased);
    t.db.run(set, is, work, attempt);
    return {};
}

void mark_clean(transaction& t) { set_meta(t, "clean", 1); }

}  // namespace ecert::hub::sqlite
