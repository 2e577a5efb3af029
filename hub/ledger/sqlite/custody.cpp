#include "hub/ledger/sqlite/pulled.hpp"
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
    const bool peer_is_why = w.returns == 0 && !w.last_answer.empty();
    return peer_is_why ? w.reason + ": " + w.last_answer : w.reason;
}

void waiting(custody_view& v, const work_row& w) {
    v.holder = "hub";
    v.reason = why_it_waits(w);
    v.who_must_act = w.advice.empty() ? nobody : operator_must(w, "");
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

custody_view begin(const work_row& w, const life& l) {
    custody_view v;
    v.verb = w.verb;
    v.partner = w.partner;
    v.channel = w.channel;
    v.state = state_of(l);
    v.ended = l.ended;
    v.last_answer = w.last_answer;
    v.attempts = w.attempt;
    return v;
}

// What is true of any work, whatever its verb, until they have it.
void standing(custody_view& v, const work_row& w) {
    switch (v.state) {
        case state::waiting:
            return waiting(v, w);
        case state::queued:
            v.holder = "worker";
            v.reason = "an attempt is under way";
            v.who_must_act = nobody;
            return;
        case state::refused:
        case state::parked:
            v.holder = "operator";
            v.reason = w.reason;
            v.who_must_act = operator_must(w, "retry or cancel");
            return;
        case state::held:
            v.holder = "operator";
            v.reason = w.reason;
            v.who_must_act = "operator: release or cancel";
            return;
        case state::cancelled:
            v.holder = "hub";
            v.reason = w.reason;
            v.who_must_act = nobody_finished;
            return;
        default:  // they have it; what was fetched, we
            v.holder = w.verb == queue::verb::fetch ? "hub" : w.partner;
            v.who_must_act = nobody_finished;
            return;
    }
}

}  // namespace

custody_view custody_view_of(const delivery_row& d, const work_row& w) {
    custody_view v = begin(w, d.life);
    v.id = d.uuid;
    v.certificate = view_of(d);
    v.since = d.since;
    switch (v.state) {
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
        default:
            standing(v, w);
            break;
    }
    return v;
}

custody_view custody_view_of(connection& db, const work_row& w) {
    custody_view v = begin(w, w.life);
    v.since = w.since;
    if (const auto about = w.inbound ? load_inbound(db, *w.inbound) : std::nullopt) {
        v.id = about->uuid;
        v.inbound = view_of(*about);
    }
    if (const auto row = w.pulled ? load_pulled(db, *w.pulled) : std::nullopt) {
        v.id = row->uuid;
        v.pulled = view_of(*row);
    }
    standing(v, w);
    return v;
}

}  // namespace ecert::hub::sqlite
