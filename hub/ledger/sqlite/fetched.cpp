// What a fetch brought is stored, and how it is confirmed is owed, in the transaction that ends the
// fetch: a crash before it fetches again, one after it confirms.
#include "hub/ledger/sqlite/inbound.hpp"
#include "hub/ledger/sqlite/pull.hpp"
#include "hub/ledger/sqlite/pulled.hpp"
#include "hub/ledger/sqlite/verbs.hpp"

#include <fmt/format.h>

namespace ecert::hub::sqlite {
namespace {

using queue::confirmation_kind;

// Its row, where this is an outcome of a fetch that has not been received before.
std::optional<pulled_row> awaited(transaction& t, const queue::outcome& o) {
    const auto w = load_work(t.db, o.work);
    if (!w || w->verb != queue::verb::fetch || !w->pulled || w->partner != o.partner)
        return std::nullopt;
    auto row = load_pulled(t.db, *w->pulled);
    const bool theirs = row && !row->confirm && row->reference == o.reference &&
                        o.id == queue::task_id(row->uuid, queue::name_of(queue::verb::fetch));
    return theirs ? row : std::nullopt;
}

// The same number with other bytes, that was pushed to our door before: theirs to explain.
void refuse_other_content(pulled_row& row) {
    row.confirm = confirmation_kind::failed;
    row.confirm_text = "Another content is stored under this number already.";
}

// True: it is new in the inbox.
result<bool> store(transaction& t, pulled_row& row, const fetched_arrival& what,
                   const ready_content& kept) {
    const auto done = arrive(t, what.what, kept);
    if (!done) return done.error();
    if (done->other_content)
        refuse_other_content(row);
    else
        row.inbound = load_inbound(t.db, done->inbound)->id;
    return !done->repeat && !done->other_content;
}

void tell_unreadable(transaction& t, const pulled_row& row, const fetched_arrival& what) {
    piece about;
    about.work.partner = row.partner;
    about.work.channel = row.channel;
    about.work.pulled = row.id;
    alert(t, about, {what.what.at, "partner:" + row.partner, what.what.traceparent},
          "fetched-not-stored",
          fmt::format("certificate {} ({}) of {} was fetched and not stored, and they are told: {}",
                      row.envelope.number, row.reference, row.partner, row.confirm_text));
}

}  // namespace

result<applied> fetched(transaction& t, const queue::outcome& o, const fetched_arrival& what,
                        const ready_content& kept, const work_policy& by, time_point now,
                        double jitter) {
    auto row = awaited(t, o);
    if (!row) return apply(t, o, by, now, jitter);
    row->confirm = what.confirm.how;
    row->confirm_text = what.confirm.text;
    if (what.what.content) row->digest = what.what.content->digest();
    if (what.what.content) keep(t, kept);  // whatever it is: evidence
    bool is_new = false;
    if (what.confirm.how != confirmation_kind::failed) {
        const auto stored = store(t, *row, what, kept);
        if (!stored) return stored.error();
        is_new = *stored;
    }
    if (row->confirm == confirmation_kind::failed) tell_unreadable(t, *row, what);
    update(t, *row);
    owe(t, queue::verb::confirm, row->partner, row->channel, row->id, row->inbound, now);
    auto done = apply(t, o, by, now, jitter);
    if (!done) return done;
    done->received = true;
    done->stored = is_new;
    return done;
}

}  // namespace ecert::hub::sqlite
