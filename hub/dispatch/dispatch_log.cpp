#include "hub/dispatch/dispatch_log.hpp"

#include "config/log.hpp"

namespace ecert::hub::dispatch_log {
namespace {

using log::level;

std::string_view name_of(queue::publication p) {
    switch (p) {
        case queue::publication::confirmed:
            return "confirmed";
        case queue::publication::returned:
            return "returned";
        case queue::publication::refused:
            return "refused";
        case queue::publication::unconfirmed:
            return "unconfirmed";
    }
    return "?";
}

std::string_view name_of(act a) {
    switch (a) {
        case act::finish:
            return "finish";
        case act::again:
            return "again";
        case act::ask:
            return "ask";
        case act::refuse:
            return "refuse";
        case act::park:
            return "park";
    }
    return "?";
}

void about_task(level at, std::string_view event, const queue::task& t, std::string_view why) {
    log::write(at, event,
               {{"delivery", queue::to_string(t.message)},
                {"verb", queue::name_of(t.verb)},
                {"partner", t.partner},
                {"channel", t.channel},
                {"attempt", std::int64_t{t.attempt}},
                {"why", why},
                {"trace", t.traceparent}});
}

void about_outcome(std::string_view event, const queue::outcome& o) {
    log::write(level::warn, event,
               {{"task", queue::to_string(o.id)},
                {"partner", o.partner},
                {"attempt", std::int64_t{o.attempt}},
                {"class", queue::name_of(o.what)},
                {"trace", o.traceparent}});
}

}  // namespace

void published(const queue::task& t) { about_task(level::debug, "task_published", t, ""); }

void not_published(const queue::task& t, queue::publication how) {
    about_task(level::debug, "task_not_published", t, name_of(how));
}

void queue_lost(std::string_view trouble) {
    log::write(level::warn, "queue_lost",
               {{"trouble", trouble},
                {"text", "all work waits for the queue; certificates are taken in all the same"}});
}

void queue_back() { log::write(level::info, "queue_back", {}); }

void outlet_stalled(std::string_view partner, queue::publication how) {
    log::write(level::warn, "queue_stalled",
               {{"partner", partner},
                {"why", name_of(how)},
                {"text",
                 "work for this partner waits: its queue takes nothing; it is tried with one task, "
                 "less and less often"}});
}

void outlet_flows(std::string_view partner) {
    log::write(level::info, "queue_flows", {{"partner", partner}});
}

void handed_back(const queue::task& t, std::string_view why) {
    about_task(level::info, "task_handed_back", t, why);
}

void outcome_applied(const queue::outcome& o, const applied& what) {
    const bool later = what.verdict.act == act::again || what.verdict.act == act::ask;
    log::write(level::info, "outcome_applied",
               {{"delivery", queue::to_string(what.delivery)},
                {"partner", o.partner},
                {"channel", o.channel},
                {"attempt", std::int64_t{o.attempt}},
                {"class", queue::name_of(o.what)},
                {"state", hub::name_of(what.after)},
                {"next", name_of(what.verdict.act)},
                {"next_at", later ? rfc3339(what.verdict.at) : std::string{}},
                {"reason", what.verdict.reason},
                {"text", o.text},
                {"trace", o.traceparent}});
}

void outcome_unmatched(const queue::outcome& o) { about_outcome("outcome_unmatched", o); }

void outcome_repeated(const queue::outcome& o) { about_outcome("outcome_repeated", o); }

void outcome_unreadable(const failure& why, const crypto::sha256& digest, std::size_t size) {
    log::write(
        level::error, "outcome_unreadable",
        {{"text", why.text}, {"kept_as", digest.hex()}, {"size", static_cast<std::int64_t>(size)}});
}

void outcome_broke(std::string_view text, unsigned tries) {
    log::write(level::error, "outcome_broke", {{"text", text}, {"tries", std::int64_t{tries}}});
}

void leases_ended(unsigned count) {
    log::write(level::warn, "leases_ended", {{"count", std::int64_t{count}}});
}

void leases_inherited(std::size_t count) {
    log::write(level::info, "leases_inherited",
               {{"count", static_cast<std::int64_t>(count)},
                {"text", "attempts that were out when the hub stopped; their workers live on"}});
}

void flight_lost(std::int64_t work, std::uint32_t attempt, std::string_view partner) {
    log::write(level::warn, "attempt_lost",
               {{"work", work}, {"attempt", std::int64_t{attempt}}, {"partner", partner}});
}

void circuit_changed(std::string_view channel, circuit::phase before, circuit::phase now,
                     std::string_view why) {
    log::write(now == circuit::phase::closed ? level::info : level::warn, "circuit_changed",
               {{"channel", channel},
                {"before", hub::name_of(before)},
                {"now", hub::name_of(now)},
                {"why", why}});
}

void partner_unknown(std::string_view partner, std::uint64_t waiting) {
    log::write(level::error, "partner_unknown",
               {{"partner", partner},
                {"waiting", static_cast<std::int64_t>(waiting)},
                {"text",
                 "work waits for a partner or channel that is not configured: put its file back "
                 "and reload"}});
}

void ledger_failed(std::string_view verb, std::string_view text) {
    log::write(level::error, "ledger_failed", {{"verb", verb}, {"text", text}});
}

void clock_jumped(duration by) {
    log::write(level::warn, "clock_jumped", {{"milliseconds", std::int64_t{by.count()}}});
}

void job_failed(std::string_view text) {
    log::write(level::error, "dispatch_job_failed", {{"text", text}});
}

void drained(bool whole) { log::write(level::info, "dispatch_stopped", {{"drained", whole}}); }

}  // namespace ecert::hub::dispatch_log
