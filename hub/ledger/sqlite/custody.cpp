#include "hub/ledger/sqlite/views.hpp"

#include <fmt/format.h>

namespace ecert::hub::sqlite {
namespace {

constexpr const char* nobody = "nobody: it goes on by itself";
constexpr const char* nobody_finished = "nobody: it is finished";

std::string operator_must(const work_row& w, const char* otherwise) {
    return "operator: " + (w.advice.empty() ? std::string{otherwise} : w.advice);
}

std::string why_it_waits(const work_row& w) {
    if (w.status == work_status::blocked) return "waits for an earlier link of its chain";
    if (w.reason.empty()) return "its turn has not come yet";
    return w.last_answer.empty() ? w.reason : w.reason + ": " + w.last_answer;
}

void waiting(custody_view& v, const work_row& w) {
    v.holder = "hub";
    v.reason = why_it_waits(w);
    v.who_must_act = nobody;
    if (w.status == work_status::due) v.next_try = w.due;
}

void sent(custody_view& v, const delivery_row& d, const work_row& w) {
    v.holder = d.partner;
    const bool asking = w.status == work_status::due || w.status == work_status::leased;
    if (w.status == work_status::due) v.next_try = w.due;
    if (d.overdue && !asking) {
        v.reason = "they took it, but their receipt is overdue";
        v.who_must_act = fmt::format("operator: ask {} whether it is in their system", d.partner);
    } else {
        v.reason = asking ? "asking whether it is in their system" : "waits for their receipt";
        v.who_must_act = nobody;
    }
}

void delivered(custody_view& v, const delivery_row& d) {
    v.holder = d.life.ended ? d.partner : d.partner + " authority";
    v.reason = d.life.ended ? "" : "waits for their authority's answer";
    v.who_must_act = d.life.ended ? nobody_finished : v.holder;
}

void answered(custody_view& v, const delivery_row& d, bool yes) {
    v.holder = d.partner + " authority";
    v.reason = d.answer_reason;
    v.who_must_act =
        yes ? nobody_finished
            : fmt::format("agency {}: read their reason, correct, issue again", d.agency);
}

}  // namespace

custody_view custody_view_of(const delivery_row& d, const work_row& w) {
    custody_view v;
    v.certificate = view_of(d);
    v.since = d.since;
    v.last_answer = w.last_answer;
    v.attempts = w.attempt;
    switch (v.certificate.state) {
        case state::waiting:
            waiting(v, w);
            break;
        case state::queued:
            v.holder = "worker";
            v.reason = "an attempt is under way";
            v.who_must_act = nobody;
            break;
        case state::sent:
            sent(v, d, w);
            break;
        case state::delivered:
            delivered(v, d);
            break;
        case state::acknowledged:
            answered(v, d, true);
            break;
        case state::rejected:
            answered(v, d, false);
            break;
        case state::offered:
            v.holder = "hub";
            v.reason = "they may fetch it";
            v.who_must_act = d.partner + ": to fetch it";
            break;
        case state::refused:
        case state::parked:
            v.holder = "operator";
            v.reason = w.reason;
            v.who_must_act = operator_must(w, "retry or cancel");
            break;
        case state::held:
            v.holder = "operator";
            v.reason = w.reason;
            v.who_must_act = "operator: release or cancel";
            break;
        case state::cancelled:
            v.holder = "hub";
            v.reason = w.reason;
            v.who_must_act = nobody_finished;
            break;
    }
    return v;
}

}  // namespace ecert::hub::sqlite
