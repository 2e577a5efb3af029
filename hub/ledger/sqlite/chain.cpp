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

// Something of it may still count at the partner.
bool is_live(const delivery_row& link) {
    const state s = state_of(link.life);
    return s != state::refused && s != state::rejected && s != state::cancelled;
}

placed refuse(accept_conflict why, const uuid& other, std::string text) {
    return {.what = placed::how::refused, .why = {why, other, std::move(text)}};
}

const delivery_row* find_last(const chain& c, auto&& matches) {
    for (const auto& link : c.links | std::views::reverse)
        if (matches(link)) return &link;
    return nullptr;
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
    return c;
}

bool never_taken(const piece& p) {
    const life& l = p.delivery->life;
    const bool transmitted = p.work.transmitted || l.leased || l.progress != progress::none;
    return !transmitted || l.side == side::refused;
}

placed place(const chain& c, const accept_request& what) {
    const auto* latest = c.latest();
    if (latest && equal(*latest, what)) return {.what = placed::how::repeat, .repeats = latest};

    placed p;
    p.occurrence = static_cast<std::uint32_t>(
        std::ranges::count_if(c.links, [&](const auto& link) { return equal(link, what); }));
    if (p.occurrence > 0 && what.idempotency_key.empty()) {
        const auto* earlier = find_last(c, [&](const auto& link) { return equal(link, what); });
        return refuse(accept_conflict::earlier_link, earlier->certificate,
                      fmt::format("these bytes are link {} of certificate {} already, and others "
                                  "came after it: to send them once more give an Idempotency-Key "
                                  "of its own",
                                  earlier->link, what.envelope.number));
    }
    if (what.supersedes) {
        p.closes = find_last(c, [&](const auto& link) {
            return link.certificate == *what.supersedes && same_kind(link, what);
        });
        if (!p.closes)
            return refuse(accept_conflict::supersedes_unknown, *what.supersedes,
                          fmt::format("Supersedes names {}, which is no certificate of yours with "
                                      "number {}, type {} and status {} for {}",
                                      queue::to_string(*what.supersedes), what.envelope.number,
                                      what.envelope.type, what.envelope.status, what.partner));
        // Of two that supersede one, the second must have seen the first.
        const auto* live =
            find_last(c, [&](const auto& link) { return same_kind(link, what) && is_live(link); });
        if (live && live != p.closes)
            return refuse(
                accept_conflict::other_content, live->certificate,
                fmt::format("{} has been superseded already: if these bytes are to follow "
                            "the newer one, say Supersedes: {}",
                            queue::to_string(*what.supersedes),
                            queue::to_string(live->certificate)));
        p.undoes = withdrawn_by(c, what);
        return p;
    }
    const auto* same = find_last(c, [&](const auto& link) { return same_kind(link, what); });
    if (same && !equal(*same, what)) {
        if (is_live(*same))
            return refuse(accept_conflict::other_content, same->certificate,
                          fmt::format("certificate {} of this type and status was accepted with "
                                      "other bytes: withdraw it first, or say Supersedes: {}",
                                      what.envelope.number, queue::to_string(same->certificate)));
        p.closes = same;
    }
    p.undoes = withdrawn_by(c, what);
    return p;
}

}  // namespace ecert::hub::sqlite
