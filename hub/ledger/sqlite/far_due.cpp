#include "hub/ledger/sqlite/far_due.hpp"

#include "hub/ledger/sqlite/piece.hpp"

#include <fmt/format.h>

namespace ecert::hub::sqlite {
namespace {

std::string partner_after(transaction& t, const std::string& last) {
    static const std::string next = sql("SELECT partner FROM work WHERE ", where::work_due,
                                        " AND partner > ? ORDER BY partner LIMIT 1");
    auto q = t.db.prepare(next, last);
    return q.step() ? q.text(0) : std::string{};
}

}  // namespace

void pull_in_far_due(transaction& t, time_point now, const policy_of& policy,
                     std::vector<std::string>& texts) {
    static const std::string pull = sql("UPDATE work SET due = ?1 WHERE ", where::work_due,
                                        " AND partner = ?2 AND suspect IN (0, 1) AND due > ?3");
    for (auto partner = partner_after(t, {}); !partner.empty();
         partner = partner_after(t, partner)) {
        t.db.run(pull, now, partner, now + policy(partner).retry.horizon);
        if (t.db.changes() == 0) continue;
        piece about;
        about.work.partner = partner;
        alert(t, about, {now, "hub", {}}, "due-too-far-away",
              fmt::format("{} pieces of work for {} were due later than any retry may be: the "
                          "clock stood wrong when they were planned, they are due now",
                          t.db.changes(), partner));
        texts.push_back(about.alerts.front());
    }
}

}  // namespace ecert::hub::sqlite
