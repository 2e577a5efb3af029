#include "hub/ledger/sqlite/chain.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ranges>

namespace ecert::hub::sqlite {
namespace {

bool same_kind(const delivery_row& link, const accept_request& what) {
    return link.envelope.type == what.envelope.type && link.envelope.status == what.envelope.status;
}

bool equal(const delivery_row& link, const accept_request& what) {
    return same_kind(link, what) && link.digest == what.content->digest();
}

// It counts at the partner, or may come to count without anybody pushing again.
bool is_live(const delivery_row& link) {
    const state s = state_of(link.life);
    return s != state::refused && s != state::rejected && s != state::cancelled;
}

// A withdrawal of what they never took ended in the moment it was accepted, as it should: pushed
// again it is a repeat like any other.
bool ended_as_it_came(const delivery_row& link) {
    return link.envelope.status == status_withdrawn && link.life.side == side::cancelled &&
           link.since == link.accepted;
}

const delivery_row* find_last(const chain& c, auto&& matches) {
    for (const auto& link : c.links | std::views::reverse)
        if (matches(link)) return &link;
    return nullptr;
}

// What the latest link, such a withdrawal, was to take back had reached them after all: in a fetch
// or a send that nobody knew of then. It must go its way now.
bool is_needed_after_all(const chain& c) {
    const auto& withdrawal = *c.latest();
    if (!ended_as_it_came(withdrawal)) return false;
    const auto* issue = find_last(c, [&](const delivery_row& link) {
        return link.envelope.type == withdrawal.envelope.type &&
               link.envelope.status != status_withdrawn;
    });
    return issue && issue->life.progress >= progress::sent;
}

std::string reason_of(const delivery_row& link, const work_row& w) {
    const state s = state_of(link.life);
    if (s == state::rejected) return link.answer_reason;
    if (s != state::refused || w.last_answer.empty()) return w.reason;
    return w.reason + ": " + w.last_answer;
}

placed refuse(accept_conflict why, const uuid& other, std::string text) {
    return {.what = placed::how::refused, .why = {why, other, std::move(text)}};
}

// The link that this withdrawal takes back, if nothing stands between.
const delivery_row* withdrawn_by(const chain& c, const accept_request& what) {
    if (what.envelope.status != status_withdrawn) return nullptr;
    const auto* issue = find_last(c, [&](const delivery_row& link) {
        return link.envelope.type == what.envelope.type &&
               link.envelope.status != status_withdrawn && link.life.side != side::cancelled;
    });
    return issue && issue->link == c.latest()->link ? issue : nullptr;
}

// A true repeat would be a promise that nobody keeps: nothing of that link will be sent any more.
placed refuse_closed(const delivery_row& link, const std::string& reason) {
    const state s = state_of(link.life);
    const std::string told = reason.empty() ? std::string{} : fmt::format(" ({})", reason);
    const char* or_else = s == state::refused    ? ", or ask the node's operators to retry that one"
                          : s == state::rejected ? ", if their authority is to judge it once more"
                                                 : "";
    placed p = refuse(
        accept_conflict::closed, link.certificate,
        fmt::format("these bytes are certificate {} already, which is {}{}: nothing of it is sent "
                    "any more. To send them again as the next link give an Idempotency-Key of its "
                    "own{}",
                    queue::to_string(link.certificate), name_of(s), told, or_else));
    p.why.state = s;
    p.why.reason = reason;
    return p;
}

// Names the link to be superseded; the last of its kind is closed with it, so that nothing refused
// stands in the way of the new one.
placed supersede(const chain& c, const accept_request& what, placed p) {
    const auto of_this_kind = [&](const delivery_row& link) { return same_kind(link, what); };
    const auto* named = find_last(c, [&](const delivery_row& link) {
        return link.certificate == *what.supersedes && of_this_kind(link);
    });
    if (!named)
        return refuse(accept_conflict::supersedes_unknown, *what.supersedes,
                      fmt::format("Supersedes names {}, which is no certificate of yours with "
                                  "number {}, type {} and status {} for {}",
                                  queue::to_string(*what.supersedes), what.envelope.number,
                                  what.envelope.type, what.envelope.status, what.partner));
    // Of two that supersede one, the second must have seen the first.
    const auto* live =
        find_last(c, [&](const delivery_row& link) { return of_this_kind(link) && is_live(link); });
    if (live && live->link > named->link)
        return refuse(
            accept_conflict::other_content, live->certificate,
            fmt::format("{} has been superseded already: if these bytes are to follow "
                        "the newer one, say Supersedes: {}",
                        queue::to_string(*what.supersedes), queue::to_string(live->certificate)));
    p.closes.push_back(named);
    if (const auto* last = find_last(c, of_this_kind); last != named) p.closes.push_back(last);
    return p;
}

}  // namespace

chain load_chain(transaction& t, const std::string& agency, const std::string& number,
                 const std::string& partner) {
    chain c;
    {
        auto q = t.db.prepare("SELECT id FROM chain WHERE agency=? AND number=? AND partner=?",
                              agency, number, partner);
        if (q.step()) c.id = q.integer(0);
    }
    if (c.id == 0) {
        t.db.run("INSERT INTO chain(agency, number, partner, links) VALUES(?,?,?,0)", agency,
                 number, partner);
        c.id = t.db.last_row();
        return c;
    }
    static const std::string of_chain =
        sql("SELECT ", delivery_columns, " FROM delivery d WHERE d.chain = ? ORDER BY d.link");
    auto q = t.db.prepare(of_chain, c.id);
    while (q.step()) read_delivery(q, c.links.emplace_back());
    if (c.latest() && !is_live(*c.latest()))
        c.reason = reason_of(*c.latest(), *load_work_of_delivery(t.db, c.latest()->id));
    return c;
}

bool never_taken(const piece& p) {
    const life& l = p.delivery->life;
    const bool transmitted = p.work.transmitted || l.leased || l.progress != progress::none;
    return !transmitted || l.side == side::refused;
}

placed place(const chain& c, const accept_request& what) {
    const auto* latest = c.latest();
    const bool again = latest && equal(*latest, what);
    const bool needed = again && is_needed_after_all(c);
    if (again && !needed && (is_live(*latest) || ended_as_it_came(*latest)))
        return {.what = placed::how::repeat, .repeats = latest};
    const bool meant_anew = needed || !what.idempotency_key.empty();
    if (again && !meant_anew) return refuse_closed(*latest, c.reason);

    const auto equal_to_it = [&](const delivery_row& link) { return equal(link, what); };
    placed p;
    p.occurrence = static_cast<std::uint32_t>(std::ranges::count_if(c.links, equal_to_it));
    if (p.occurrence > 0 && !meant_anew) {
        const auto* earlier = find_last(c, equal_to_it);
        return refuse(accept_conflict::earlier_link, earlier->certificate,
                      fmt::format("these bytes are link {} of certificate {} already, and others "
                                  "came after it: to send them once more give an Idempotency-Key "
                                  "of its own",
                                  earlier->link, what.envelope.number));
    }
    if (what.supersedes) {
        p = supersede(c, what, std::move(p));
        if (p.what == placed::how::next) p.undoes = withdrawn_by(c, what);
        return p;
    }
    const auto* same = find_last(c, [&](const auto& link) { return same_kind(link, what); });
    if (same && is_live(*same) && !equal(*same, what))
        return refuse(accept_conflict::other_content, same->certificate,
                      fmt::format("certificate {} of this type and status was accepted with "
                                  "other bytes: withdraw it first, or say Supersedes: {}",
                                  what.envelope.number, queue::to_string(same->certificate)));
    if (same && !is_live(*same)) p.closes.push_back(same);
    p.undoes = withdrawn_by(c, what);
    return p;
}

}  // namespace ecert::hub::sqlite
