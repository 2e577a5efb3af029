#include "hub/ledger/sqlite/inbound.hpp"
#include "hub/ledger/sqlite/leases.hpp"
#include "hub/ledger/sqlite/piece.hpp"
#include "hub/ledger/sqlite/pulled.hpp"
#include "hub/ledger/sqlite/verbs.hpp"
#include "queue/lease.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ecert::hub::sqlite {
namespace {

std::vector<std::int64_t> due_rows(transaction& t, const std::string& partner, bool suspects,
                                   std::size_t most, time_point now) {
    static const std::string due =
        sql("SELECT id FROM work WHERE ", where::work_due,
            " AND partner = ? AND suspect = ? AND due <= ? ORDER BY due, id LIMIT ?");
    std::vector<std::int64_t> rows;
    auto q = t.db.prepare(due, partner, suspects, now, most);
    while (q.step()) rows.push_back(q.integer(0));
    return rows;
}

bool a_suspect_is_out(transaction& t) {
    static const std::string out =
        sql("SELECT 1 FROM work WHERE ", where::suspect_leased, " LIMIT 1");
    return t.db.prepare(out).step();
}

// An attempt that asks carries no content; a fetch may bring much.
std::uint64_t carried(const piece& p, const lease_terms& terms) {
    if (p.work.verb == queue::verb::fetch) return terms.fetch_bytes;
    const auto& d = p.delivery;
    const bool carries = d && !p.work.ask;
    return carries ? queue::carried(d->size, d->translation_size) : 0;
}

duration lease_of(const piece& p, const lease_terms& terms) {
    return queue::lease_of(carried(p, terms), terms.limits);
}

std::optional<queue::content_ref> reference_to(transaction& t, const crypto::sha256& digest) {
    auto stored = load_content(t.db, digest, queue::inline_limit);
    if (!stored) return std::nullopt;
    return queue::content_ref{stored->size, digest, std::move(stored->bytes)};
}

// A first transmission's translation is kept with its outcome. If that outcome never came and the
// dialect has changed since, a retry might carry other bytes under the same id: a person decides.
bool would_send_other_bytes(const piece& p, const lease_terms& terms) {
    const bool known = terms.dialect != crypto::sha256{} && p.work.dialect;
    return known && p.work.lost && !p.work.ask && !p.delivery->translation &&
           *p.work.dialect != terms.dialect;
}

// What waits at one channel, or is in its custody, is nothing or something else at another: the
// partner has moved.
bool belongs_elsewhere(const piece& p, const lease_terms& terms) {
    const bool bound = p.work.pulled || p.work.ask;
    return bound && !terms.channel.empty() && terms.channel != p.work.channel;
}

void park(transaction& t, piece& p, const cause& why, std::string reason, std::string advice,
          std::string_view because) {
    p.work.reason = std::move(reason);
    p.work.advice = std::move(advice);
    tell(t, p, life_event::parked, why, {{"reason", p.work.reason}});
    alert(t, p, why, "parked", fmt::format("{} is parked: {}", subject_of(t, p), because));
    save(t, p, why.at);
}

void park_changed_dialect(transaction& t, piece& p, const cause& why) {
    park(t, p, why, "dialect-changed",
         "The first transmission got no answer and the dialect has changed since: ask "
         "the partner whether they have it, then retry or cancel.",
         "its dialect changed after a send without an answer");
}

void park_changed_channel(transaction& t, piece& p, const cause& why, const std::string& now) {
    park(t, p, why, "channel-changed",
         fmt::format("{0} is reached by channel {1} now, and this can only be done at {2}. Give "
                     "{0} its channel {2} back until nothing is owed there, then retry; or cancel.",
                     p.work.partner, now, p.work.channel),
         fmt::format("it is owed at channel {}, and {} is reached by {} now", p.work.channel,
                     p.work.partner, now));
}

// What is sent gets a number of its own: one of an earlier send names what they refused or lost.
void forget_number(piece& p) {
    if (p.delivery && !p.work.ask) p.delivery->reference.clear();
}

void lease(transaction& t, piece& p, const lease_terms& terms) {
    forget_number(p);
    work_row& w = p.work;
    w.status = work_status::leased;
    ++w.attempt;
    w.lease = terms.now + lease_of(p, terms);
    w.epoch = t.in.epoch;
    if (!terms.channel.empty()) w.channel = terms.channel;
    if (!w.first_attempt) w.first_attempt = terms.now;
    if (terms.dialect != crypto::sha256{} && (!w.dialect || !w.lost)) w.dialect = terms.dialect;
}

void fill_delivery(transaction& t, const piece& p, queue::task& task) {
    const delivery_row& d = *p.delivery;
    task.id = queue::task_id(d.uuid, queue::name_of(task.verb));
    task.message = task.verb == queue::verb::track ? task.id : d.uuid;
    if (task.verb == queue::verb::track) task.relates_to = d.uuid;
    task.envelope = d.envelope;
    task.reference = d.reference;
    task.traceparent = d.traceparent;
    if (task.verb == queue::verb::track) return;
    task.content = reference_to(t, d.digest);
    if (d.translation) task.translation = reference_to(t, *d.translation);
}

void fill_inbound(transaction& t, const piece& p, queue::task& task) {
    const auto i = load_inbound(t.db, *p.work.inbound);
    task.id = queue::task_id(i->uuid, queue::name_of(task.verb));
    task.message = task.verb == queue::verb::respond
                       ? queue::respond_id(t.in.node, i->uuid, i->answer.status)
                       : task.id;
    uuid theirs{};
    if (queue::parse_uuid(i->message_id, theirs)) task.relates_to = theirs;
    task.envelope = i->envelope;
    // Where their contract has no message id, they know it by the number we gave.
    task.reference = i->message_id.empty() ? queue::to_string(i->uuid) : i->message_id;
    task.traceparent = i->traceparent;
    if (task.verb == queue::verb::respond) task.answer = i->answer;
}

void fill_pulled(transaction& t, const piece& p, queue::task& task, const lease_terms& terms) {
    const auto row = load_pulled(t.db, *p.work.pulled);
    task.id = task.message = queue::task_id(row->uuid, queue::name_of(task.verb));
    task.envelope = row->envelope;
    task.reference = row->reference;
    task.page = p.work.page;
    if (task.verb == queue::verb::fetch) task.expects = terms.fetch_bytes;
    if (task.verb == queue::verb::confirm)
        task.confirmation = queue::confirmation{row->confirm.value(), row->confirm_text};
}

queue::task task_of(transaction& t, const piece& p, const lease_terms& terms) {
    queue::task task;
    task.verb = p.work.ask ? queue::verb::track : p.work.verb;
    task.attempt = p.work.attempt;
    task.start_by = terms.now + terms.limits.start_by;
    task.work = p.work.id;
    task.partner = p.work.partner;
    task.channel = p.work.channel;
    task.suspect = p.work.suspect;
    if (p.delivery)
        fill_delivery(t, p, task);
    else if (p.work.pulled)
        fill_pulled(t, p, task, terms);
    else
        fill_inbound(t, p, task);
    return task;
}

// False: it may not go out, and now stands as it should.
bool take(transaction& t, piece& p, const lease_terms& terms) {
    const cause why{terms.now, "hub", p.delivery ? p.delivery->traceparent : std::string{}};
    if (belongs_elsewhere(p, terms)) {
        // A list follows its channel by itself.
        if (p.work.verb != queue::verb::list) park_changed_channel(t, p, why, terms.channel);
        return false;
    }
    if (p.delivery && would_send_other_bytes(p, terms)) {
        park_changed_dialect(t, p, why);
        return false;
    }
    const boost::json::object detail{
        {"attempt", p.work.attempt + 1},
        {"verb", queue::name_of(p.work.ask ? queue::verb::track : p.work.verb)}};
    if (tell(t, p, life_event::leased, why, detail).how == move::impossible) {
        save(t, p, terms.now);
        return false;
    }
    lease(t, p, terms);
    save(t, p, terms.now);
    return true;
}

}  // namespace

result<std::vector<queue::task>> take_due(transaction& t, const std::string& partner, unsigned most,
                                          const lease_terms& terms) {
    // One suspect in the whole node at a time; the others of its partner do not wait for it.
    std::vector<std::int64_t> rows;
    if (most > 0 && !a_suspect_is_out(t)) rows = due_rows(t, partner, true, 1, terms.now);
    const auto others = due_rows(t, partner, false, most - rows.size(), terms.now);
    rows.insert(rows.end(), others.begin(), others.end());

    std::vector<queue::task> tasks;
    duration longest{0};
    for (std::int64_t row : rows) {
        auto p = load_piece(t.db, row);
        if (!take(t, *p, terms)) continue;
        longest = std::max(longest, lease_of(*p, terms));
        tasks.push_back(task_of(t, *p, terms));
    }
    if (!tasks.empty()) remember_lease(t, longest);
    return tasks;
}

}  // namespace ecert::hub::sqlite
