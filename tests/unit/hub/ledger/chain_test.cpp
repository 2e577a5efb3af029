#include "hub/ledger/sqlite/chain.hpp"

#include <gtest/gtest.h>

namespace ecert::hub::sqlite {
namespace {

using how = placed::how;
using links = std::vector<const delivery_row*>;

delivery_row link(std::uint32_t number, std::string_view bytes, int status, life l = {}) {
    delivery_row d;
    d.link = number;
    d.certificate = queue::derive({"test", std::to_string(number)});
    d.envelope = {"CN", "NL", "A/1", 851, status};
    d.digest = crypto::sha256_of(bytes);
    d.life = l;
    return d;
}

accept_request push(std::string bytes, int status, std::string key = {}) {
    accept_request r;
    r.envelope = {"CN", "NL", "A/1", 851, status};
    r.content = crypto::from_memory(std::move(bytes));
    r.idempotency_key = std::move(key);
    return r;
}

const life waiting{}, refused{.side = side::refused}, parked{.side = side::parked},
    cancelled{.side = side::cancelled}, delivered{.progress = progress::delivered},
    rejected{.progress = progress::answered, .answer = answer_kind::rejected};

TEST(place, the_first_push_is_the_first_link) {
    const chain none;
    const auto p = place(none, push("a", 70));
    EXPECT_EQ(p.what, how::next);
    EXPECT_EQ(p.occurrence, 0u);
    EXPECT_TRUE(p.closes.empty());
}

TEST(place, other_bytes_depend_on_what_became_of_the_earlier_link) {
    for (const auto& [l, live] : {std::pair{waiting, true},
                                  {delivered, true},
                                  {refused, false},
                                  {cancelled, false},
                                  {rejected, false}}) {
        const chain c{1, {link(1, "a", 70, l)}};
        const auto p = place(c, push("b", 70));
        EXPECT_EQ(p.what, live ? how::refused : how::next);
        if (!live) EXPECT_EQ(p.closes, (links{&c.links[0]}));
    }
}

TEST(place, another_type_under_the_same_number_is_no_conflict) {
    const chain c{1, {link(1, "a", 70)}};
    auto r = push("b", 70);
    r.envelope.type = 657;
    EXPECT_EQ(place(c, r).what, how::next);
}

TEST(place, the_latest_again_is_a_repeat_while_it_lives_whatever_the_key) {
    for (const auto& l : {waiting, delivered, parked}) {
        const chain c{1, {link(1, "a", 70, l)}};
        EXPECT_EQ(place(c, push("a", 70)).repeats, &c.links[0]);
        EXPECT_EQ(place(c, push("a", 70, "key")).repeats, &c.links[0]);
    }
}

TEST(place, the_latest_again_is_a_conflict_once_nothing_of_it_is_sent_any_more) {
    for (const auto& l : {refused, cancelled, rejected}) {
        const chain c{1, {link(1, "a", 70, delivered), link(2, "b", 70, l)}, "no such consignee"};
        const auto p = place(c, push("b", 70));
        ASSERT_EQ(p.what, how::refused);
        EXPECT_EQ(p.why.why, accept_conflict::closed);
        EXPECT_EQ(p.why.other, c.links[1].certificate);
        EXPECT_EQ(p.why.state, state_of(l));
        EXPECT_EQ(p.why.reason, "no such consignee");
        for (const auto& word : {"no such consignee", "Idempotency-Key"})
            EXPECT_NE(p.why.text.find(word), std::string::npos) << p.why.text;
        EXPECT_NE(p.why.text.find(name_of(state_of(l))), std::string::npos) << p.why.text;
        EXPECT_EQ(p.why.text.find("operators") != std::string::npos, l == refused)
            << "only what was refused can be retried: " << p.why.text;
    }
}

TEST(place, with_a_key_of_its_own_what_came_to_nothing_is_the_next_link) {
    for (const auto& l : {refused, cancelled, rejected}) {
        const chain c{1, {link(1, "a", 70, l)}};
        const auto p = place(c, push("a", 70, "key"));
        EXPECT_EQ(p.what, how::next);
        EXPECT_EQ(p.occurrence, 1u) << "another id";
        EXPECT_EQ(p.closes, (links{&c.links[0]})) << "nothing refused may block what follows";
    }
}

TEST(place, a_withdrawal_that_ended_as_it_came_is_a_repeat) {
    chain c{1, {link(1, "a", 70, cancelled), link(2, "w", 40, cancelled)}};
    EXPECT_EQ(place(c, push("w", 40)).repeats, &c.links[1]) << "it did what it was for";
    c.links[1].since += 1h;
    EXPECT_EQ(place(c, push("w", 40)).why.why, accept_conflict::closed) << "somebody cancelled it";
}

TEST(place, a_withdrawal_of_what_they_had_after_all_is_the_next_link) {
    const life had_it{.progress = progress::sent, .side = side::cancelled};
    chain c{1, {link(1, "a", 70, had_it), link(2, "w", 40, cancelled)}};
    for (const auto* key : {"", "key"}) {
        const auto p = place(c, push("w", 40, key));
        ASSERT_EQ(p.what, how::next) << p.why.text;
        EXPECT_EQ(p.occurrence, 1u) << "another id than the one that came to nothing";
        EXPECT_EQ(p.undoes, nullptr) << "it goes its way";
    }
    c.links.push_back(link(3, "w", 40));
    EXPECT_EQ(place(c, push("w", 40)).repeats, &c.links[2]) << "once";
}

TEST(place, superseding_also_closes_a_refused_link_in_between) {
    const chain c{1, {link(1, "a", 70, delivered), link(2, "b", 70, refused)}};
    for (const auto& named : c.links) {
        auto r = push("c", 70);
        r.supersedes = named.certificate;
        const auto p = place(c, r);
        ASSERT_EQ(p.what, how::next) << p.why.text;
        EXPECT_EQ(p.closes.back(), &c.links[1]);
        EXPECT_EQ(p.closes.front(), &named);
    }
    auto same = push("b", 70);
    same.supersedes = c.links[0].certificate;
    EXPECT_EQ(place(c, same).why.why, accept_conflict::closed) << "the same request once more";
    same.idempotency_key = "key";
    EXPECT_EQ(place(c, same).closes, (links{&c.links[0], &c.links[1]}));
}

TEST(place, of_two_that_supersede_one_the_second_is_told_of_the_first) {
    const chain c{1, {link(1, "a", 70, cancelled), link(2, "b", 70)}};
    auto r = push("c", 70);
    r.supersedes = c.links[0].certificate;
    const auto p = place(c, r);
    EXPECT_EQ(p.why.why, accept_conflict::other_content);
    EXPECT_EQ(p.why.other, c.links[1].certificate);
}

TEST(place, occurrence_counts_the_equal_links_before) {
    const chain c{1,
                  {link(1, "a", 70, delivered), link(2, "w", 40, delivered),
                   link(3, "a", 70, delivered), link(4, "w2", 40, delivered)}};
    const auto p = place(c, push("a", 70, "third time"));
    EXPECT_EQ(p.what, how::next);
    EXPECT_EQ(p.occurrence, 2u);
    const auto without = place(c, push("a", 70));
    EXPECT_EQ(without.why.why, accept_conflict::earlier_link);
    EXPECT_EQ(without.why.other, c.links[2].certificate) << "names the last of them";
}

TEST(place, a_withdrawal_undoes_only_the_latest_issue) {
    const chain c{1, {link(1, "a", 70)}};
    EXPECT_EQ(place(c, push("w", 40)).undoes, &c.links[0]);
    const chain withdrawn{1, {link(1, "a", 70, delivered), link(2, "w", 40)}};
    EXPECT_EQ(place(withdrawn, push("w2", 40)).what, how::refused) << "other bytes, still live";
    const chain both_over{1, {link(1, "a", 70, cancelled), link(2, "w", 40, cancelled)}};
    EXPECT_EQ(place(both_over, push("w2", 40)).undoes, nullptr);
}

TEST(place, never_taken_means_never_transmitted_or_refused) {
    const auto of = [](const life& l, bool transmitted) {
        piece p;
        p.work.transmitted = transmitted;
        p.delivery = link(1, "a", 70, l);
        return never_taken(p);
    };
    EXPECT_TRUE(of(waiting, false));
    EXPECT_TRUE(of(refused, true));
    EXPECT_FALSE(of(waiting, true));
    EXPECT_FALSE(of({.leased = true}, false)) << "it may be on the wire";
    EXPECT_FALSE(of({.progress = progress::sent, .side = side::parked}, false));
}

}  // namespace
}  // namespace ecert::hub::sqlite
