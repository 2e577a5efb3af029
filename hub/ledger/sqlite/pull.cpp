#include "hub/ledger/sqlite/pull.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ecert::hub::sqlite {
namespace {

// They list what we have confirmed, or given up: so long, it is lost on their side, or under way.
constexpr duration believed_over = 1h;

std::vector<std::int64_t> all_lists(transaction& t) {
    static const std::string lists = sql("SELECT id FROM work WHERE ", where::work_list);
    std::vector<std::int64_t> rows;
    auto q = t.db.prepare(lists);
    while (q.step()) rows.push_back(q.integer(0));
    return rows;
}

// As the configuration says now; save() fits the work to it, of an attempt that is out once that is
// over.
void fit_to(const pulled_channel* wanted, transaction& t, piece& p, time_point now) {
    auto row = *load_pulled(t.db, *p.work.pulled);
    const bool begins = wanted && row.partner.empty();
    row.partner = wanted ? wanted->partner : std::string{};
    update(t, row);
    if (p.work.status == work_status::leased) return;
    if (begins && p.life().side == side::none) {
        p.work.due = now;
        p.work.page.clear();
        p.work.reason.clear();
    }
    save(t, p, now);
}

void alert_unknown_sender(transaction& t, piece& list, const pulled_row& row, time_point now) {
    alert(t, list, {now, "partner:" + list.work.channel, {}}, "unknown-sender",
          fmt::format("certificate {} ({}) waits at {} from {}, which is no partner on this "
                      "channel: it is not fetched and not confirmed. Add the partner, and it is",
                      row.envelope.number, row.reference, row.channel, row.envelope.from));
}

// What is still owed about another certificate under this number would now name the new one.
void cancel_what_is_owed(transaction& t, std::int64_t pulled, time_point now) {
    static const std::string owed =
        sql("SELECT id FROM work WHERE ", where::work_pulled, " AND pulled = ? AND status <> 4");
    std::vector<std::int64_t> rows;
    {
        auto q = t.db.prepare(owed, pulled);
        while (q.step()) rows.push_back(q.integer(0));
    }
    for (const auto id : rows) {
        auto p = load_piece(t.db, id);
        const cause why{now, "hub", {}};
        if (tell(t, *p, life_event::cancel_asked, why, {{"reason", "reference-reused"}}).how ==
            move::impossible)
            continue;
        p->work.reason = "reference-reused";
        save(t, *p, now);
    }
}

// The number is theirs to give: under one that we know, another certificate is fetched like any.
void take_leave_of_namesakes(transaction& t, piece& list, const pulled_row& row, time_point now) {
    const auto before = namesakes(t.db, row.channel, row.reference);
    if (before.empty()) return;
    for (const auto id : before) cancel_what_is_owed(t, id, now);
    const auto last = load_pulled(t.db, before.back());
    alert(t, list, {now, "partner:" + list.work.channel, {}}, "reference-reused",
          fmt::format("{} lists certificate {} under number {}, which named certificate {} before: "
                      "it is fetched, and what was still owed about the one before is cancelled",
                      row.channel, row.envelope.number, row.reference, last->envelope.number));
}

// The latest work of this verb about it came to this end so long ago that they should know.
bool ended_long_ago(transaction& t, const pulled_row& row, queue::verb verb, state end,
                    time_point now) {
    static const std::string latest =
        sql("SELECT status, state, since FROM work WHERE ", where::work_pulled,
            " AND pulled = ? AND verb = ? ORDER BY id DESC LIMIT 1");
    auto q = t.db.prepare(latest, row.id, verb);
    if (!q.step()) return false;
    work_status status{};
    state called{};
    time_point since{};
    q.read(status, called, since);
    return status == work_status::done && called == end && now - since >= believed_over;
}

// Cancelled because nothing was there, and they list it still: something is missing.
void fetch_again(transaction& t, piece& list, const pulled_row& row, time_point now) {
    if (row.confirm || !ended_long_ago(t, row, queue::verb::fetch, state::cancelled, now)) return;
    owe(t, queue::verb::fetch, row.partner, row.channel, row.id, std::nullopt, now);
    alert(
        t, list, {now, "hub", {}}, "cancelled-and-still-listed",
        fmt::format("{} lists certificate {} ({}) although its fetch was cancelled: it is fetched "
                    "again; hold the fetch if it must not be",
                    row.channel, row.envelope.number, row.reference));
}

// True: somebody was told, as again after a while as long as it is so.
bool tell_of_gaps(transaction& t, piece& list, const queue::listing& seen, duration again,
                  time_point now) {
    if (!seen.cut && seen.left_out == 0) return false;
    auto row = *load_pulled(t.db, *list.work.pulled);
    if (row.told && *row.told <= now && now - *row.told < again) return false;
    row.told = now;
    update(t, row);
    const cause why{now, "partner:" + row.channel, {}};
    if (seen.cut)
        alert(t, list, why, "list-cut",
              fmt::format("a page of what waits at {} names more than {} certificates: the others "
                          "are not seen before these are fetched and confirmed",
                          row.channel, queue::most_listed));
    if (seen.left_out > 0)
        alert(t, list, why, "listed-without-a-number",
              fmt::format("{} lists {} certificates that cannot be fetched: they have no number, "
                          "or one longer than may be. Their answer is kept with the attempt: ask "
                          "them",
                          row.channel, seen.left_out));
    return true;
}

}  // namespace

void confirm_again(transaction& t, piece& by, const pulled_row& row, time_point now) {
    if (!ended_long_ago(t, row, queue::verb::confirm, state::delivered, now)) return;
    owe(t, queue::verb::confirm, row.partner, row.channel, row.id, row.inbound, now);
    alert(t, by, {now, "hub", {}}, "confirmed-and-still-listed",
          fmt::format("{} names certificate {} ({}) although it was confirmed: it is confirmed "
                      "again",
                      row.channel, row.envelope.number, row.reference));
}

void owe(transaction& t, queue::verb verb, const std::string& partner, const std::string& channel,
         std::int64_t pulled, std::optional<std::int64_t> inbound, time_point now) {
    work_row w;
    w.verb = verb;
    w.partner = partner;
    w.channel = channel;
    w.pulled = pulled;
    w.inbound = inbound;
    w.due = w.since = now;
    insert(t, w);
}

result<void> pull(transaction& t, const std::vector<pulled_channel>& channels, time_point now) {
    std::vector<std::string> known;
    for (const auto id : all_lists(t)) {
        auto p = load_piece(t.db, id);
        const auto wanted = std::ranges::find(channels, p->work.channel, &pulled_channel::channel);
        fit_to(wanted == channels.end() ? nullptr : &*wanted, t, *p, now);
        known.push_back(p->work.channel);
    }
    for (const auto& each : channels) {
        if (std::ranges::find(known, each.channel) != known.end()) continue;
        pulled_row list;
        list.channel = each.channel;
        list.partner = each.partner;
        list.listed = now;
        insert(t, list);
        owe(t, queue::verb::list, each.partner, each.channel, list.id, std::nullopt, now);
    }
    return {};
}

taken_listing take_listing(transaction& t, piece& list, const queue::outcome& o,
                           const work_policy& by, time_point now) {
    taken_listing done;
    if (list.work.verb != queue::verb::list || !o.listing || !by.senders) return done;
    for (const auto& each : o.listing->envelopes) {
        const auto sender = by.senders->find(each.envelope.from);
        const std::string partner = sender == by.senders->end() ? std::string{} : sender->second;
        auto row = load_pulled(t.db, list.work.channel, each);
        if (row && !row->partner.empty()) {
            confirm_again(t, list, *row, now);
            fetch_again(t, list, *row, now);
            continue;
        }
        if (!partner.empty() && done.fetches == by.pull_most) {
            done.more = true;
            break;
        }
        if (!row) {
            row = pulled_row{.channel = list.work.channel,
                             .reference = each.reference,
                             .envelope = each.envelope,
                             .listed = now};
            take_leave_of_namesakes(t, list, *row, now);
            insert(t, *row);
            if (partner.empty()) alert_unknown_sender(t, list, *row, now);
        }
        if (partner.empty()) continue;
        row->partner = partner;
        update(t, *row);
        owe(t, queue::verb::fetch, partner, row->channel, row->id, std::nullopt, now);
        ++done.fetches;
    }
    done.told = tell_of_gaps(t, list, *o.listing, by.returned.alert_again, now);
    if (done.fetches > 0)
        note(t, list, {now, "worker:" + o.partner, o.traceparent}, "listed",
             {{"listed", o.listing->envelopes.size()}, {"new", done.fetches}});
    return done;
}

}  // namespace ecert::hub::sqlite
