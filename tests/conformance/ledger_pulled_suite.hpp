// What is pulled: listed, fetched, stored once, confirmed; whatever is lost on the way is asked for
// again, and nothing is fetched twice. And what is in a partner's custody is asked for until the
// receiver has it.
#pragma once

#include "queue/lease.hpp"
#include "tests/conformance/ledger_suite.hpp"

namespace ecert::hub {

class ledger_pulls : public ledger_suite {
  protected:
    ledger_pulls() {
        policy_.pull_every = 5min;
        policy_.retry.jitter = 0;
        policy_.senders = std::make_shared<const std::map<std::string, std::string>>(
            std::map<std::string, std::string>{{"NZ", "NZ"}, {"AU2", "AU"}});
    }
    void pull(std::vector<pulled_channel> channels = {{"ippc", "AU"}}) {
        good(books_->pull(std::move(channels), time_.now()));
    }
    static queue::waiting_there waits(std::string reference, std::string from = "NZ") {
        return {{std::move(from), "CN", "NZ/" + reference, 851, 70}, std::move(reference)};
    }
    // The list is taken and answered.
    applied listed(std::vector<queue::waiting_there> all, bool cut = false, std::string next = {}) {
        auto o = outcome_of(take_one("AU"), queue::outcome_class::done);
        o.listing = queue::listing{std::move(all), std::move(next), cut};
        return tell(o);
    }
    queue::outcome fetched_from(const queue::task& t, const std::string& bytes = "<a/>") {
        auto o = outcome_of(t, queue::outcome_class::done);
        o.reference = t.reference;
        o.fetched = queue::fetched{
            t.envelope, queue::content_ref{bytes.size(), crypto::sha256_of(bytes), bytes}};
        return o;
    }
    arrival numbered(std::string reference, std::string number, std::string bytes) {
        auto a = incoming("", std::move(number), std::move(bytes));
        a.reference = std::move(reference);
        a.channel = "ippc";
        return a;
    }
    fetched_arrival read(const queue::outcome& o, queue::confirmation how = {}) {
        fetched_arrival all;
        all.what = numbered(o.reference, o.fetched->envelope.number, *o.fetched->content->bytes);
        all.what.partner = o.partner;
        all.what.receipt.clear();
        all.confirm = std::move(how);
        all.what.readable = all.confirm.how != queue::confirmation_kind::failed;
        return all;
    }
    applied receive(const queue::outcome& o, queue::confirmation how = {}) {
        return good(books_->fetched(o, read(o, std::move(how)), policy_, time_.now(), 0.0));
    }
    queue::task fetch_task(const std::string& reference = "HUB-1") {
        pull();
        listed({waits(reference)});
        return take_one("NZ");
    }
    std::vector<inbound_view> inbox() { return good(books_->inbox({}, true)).rows; }
    std::vector<custody_view> custody(queue::verb verb) {
        list_query q;
        q.verb = verb;
        q.unfinished_first = true;
        return good(books_->custody(q)).rows;
    }
};

TEST_P(ledger_pulls, a_channel_has_one_list_however_often_it_is_said) {
    pull();
    pull();
    const auto tasks = take("AU");
    ASSERT_EQ(tasks.size(), 1u);
    EXPECT_EQ(tasks[0].verb, queue::verb::list);
    EXPECT_EQ(tasks[0].channel, "ippc");
    EXPECT_EQ(counted(state::queued, queue::verb::list), 1u);
}

TEST_P(ledger_pulls, a_list_is_due_again_after_each_answer_and_never_done) {
    pull();
    for (int i = 0; i < 3; ++i) {
        const auto done = listed({});
        EXPECT_EQ(done.after, state::waiting);
        EXPECT_FALSE(done.ended);
        time_.advance(5min - 1s);
        EXPECT_TRUE(take("AU").empty());
        time_.advance(1s);
    }
    tell(take_one("AU"), queue::outcome_class::temporary);
    time_.advance(10s);
    listed({});
    EXPECT_EQ(counted(state::waiting, queue::verb::list), 1u);
}

TEST_P(ledger_pulls, a_list_that_found_nothing_leaves_no_trace_however_often) {
    pull();
    listed({});
    const auto before = good(books_->audit()).events;
    for (int i = 0; i < 5; ++i) {
        time_.advance(5min);
        listed({});
    }
    EXPECT_EQ(good(books_->audit()).events, before);
}

TEST_P(ledger_pulls, a_list_goes_on_over_a_long_outage_and_never_parks) {
    pull();
    for (int day = 0; day < 12; ++day) {
        time_.advance(24h);
        tell(take_one("AU"), queue::outcome_class::temporary);
    }
    time_.advance(2h);
    EXPECT_EQ(take_one("AU").verb, queue::verb::list);
}

TEST_P(ledger_pulls, a_channel_that_is_no_longer_pulled_is_not_listed_until_it_is_again) {
    pull();
    listed({});
    pull({});
    time_.advance(1h);
    EXPECT_TRUE(take("AU").empty());
    pull({{"ippc", "NZ"}});
    EXPECT_TRUE(take("AU").empty()) << "another partner carries it now";
    EXPECT_EQ(take_one("NZ").verb, queue::verb::list);
}

TEST_P(ledger_pulls, each_reference_is_fetched_once_for_the_partner_that_from_names) {
    pull();
    listed({waits("HUB-1"), waits("HUB-2", "AU2"), waits("HUB-1")});
    const auto first = take("NZ");
    ASSERT_EQ(first.size(), 1u);
    EXPECT_EQ(first[0].verb, queue::verb::fetch);
    EXPECT_EQ(first[0].reference, "HUB-1");
    EXPECT_EQ(first[0].envelope.number, "NZ/HUB-1");
    const auto second = take("AU");
    ASSERT_EQ(second.size(), 1u);
    EXPECT_EQ(second[0].reference, "HUB-2");
    time_.advance(5min);
    listed({waits("HUB-1"), waits("HUB-2", "AU2")});
    EXPECT_TRUE(take("NZ").empty()) << "known, and its fetch is under way";
}

TEST_P(ledger_pulls, one_listing_makes_no_more_work_than_may_be_and_the_rest_follows_soon) {
    policy_.pull_most = 2;
    pull();
    const std::vector<queue::waiting_there> three{waits("1"), waits("2"), waits("3")};
    listed(three);
    EXPECT_EQ(take("NZ").size(), 2u);
    time_.advance(policy_.retry.first);
    listed(three);
    EXPECT_EQ(take("NZ").size(), 1u);
    time_.advance(policy_.retry.first);
    EXPECT_TRUE(take("AU").empty()) << "nothing is left: the usual time again";
}

TEST_P(ledger_pulls, the_next_page_is_asked_for_soon) {
    pull();
    listed({}, false, "page 2");
    time_.advance(policy_.retry.first);
    const auto next = take_one("AU");
    EXPECT_EQ(next.page, "page 2");
    auto o = outcome_of(next, queue::outcome_class::done);
    o.listing.emplace();
    tell(o);
    time_.advance(5min);
    EXPECT_EQ(take_one("AU").page, "");
}

TEST_P(ledger_pulls, a_sender_that_nobody_names_is_told_once_and_fetched_when_it_is_configured) {
    pull();
    EXPECT_EQ(listed({waits("HUB-9", "XX")}).alerts.size(), 1u);
    EXPECT_TRUE(custody(queue::verb::fetch).empty());
    time_.advance(5min);
    EXPECT_TRUE(listed({waits("HUB-9", "XX")}).alerts.empty());
    policy_.senders = std::make_shared<const std::map<std::string, std::string>>(
        std::map<std::string, std::string>{{"XX", "NZ"}});
    time_.advance(5min);
    listed({waits("HUB-9", "XX")});
    EXPECT_EQ(take_one("NZ").reference, "HUB-9");
}

TEST_P(ledger_pulls, a_fetch_has_the_time_of_the_largest_certificate) {
    pull();
    listed({waits("HUB-1")});
    lease_terms terms;
    terms.now = time_.now();
    terms.fetch_bytes = 100 * mib;
    const auto tasks = good(books_->take_due("NZ", 1, terms));
    ASSERT_EQ(tasks.size(), 1u);
    EXPECT_EQ(tasks[0].expects, 100 * mib);
    const auto out = good(books_->leased(time_.now()));
    ASSERT_EQ(out.size(), 1u);
    EXPECT_EQ(out[0].ends, time_.now() + queue::lease_of(100 * mib, terms.limits));
}

TEST_P(ledger_pulls, what_was_fetched_is_stored_and_confirmed_in_one_act) {
    const auto t = fetch_task();
    EXPECT_TRUE(inbox().empty());
    const auto done = receive(fetched_from(t));
    EXPECT_TRUE(done.ended);
    ASSERT_EQ(inbox().size(), 1u);
    EXPECT_EQ(inbox()[0].message_id, "HUB-1");
    EXPECT_EQ(inbox()[0].partner, "NZ");
    const auto confirm = take_one("NZ");
    EXPECT_EQ(confirm.verb, queue::verb::confirm);
    EXPECT_EQ(confirm.reference, "HUB-1");
    ASSERT_TRUE(confirm.confirmation);
    EXPECT_EQ(*confirm.confirmation, (queue::confirmation{queue::confirmation_kind::plain, ""}));
    tell(confirm, queue::outcome_class::done);
    EXPECT_TRUE(take("NZ").empty());
    EXPECT_EQ(count_events(inbox()[0].inbound, "confirmed"), 1);
}

TEST_P(ledger_pulls, a_crash_before_it_was_stored_fetches_again_and_one_after_confirms) {
    auto t = fetch_task();
    reopen_after_a_crash();
    end_leases();
    time_.advance(1min);
    t = take_one("NZ");
    EXPECT_EQ(t.verb, queue::verb::fetch);
    receive(fetched_from(t));
    reopen_after_a_crash();
    const auto confirm = take_one("NZ");
    EXPECT_EQ(confirm.verb, queue::verb::confirm);
    reopen_after_a_crash();
    end_leases();
    time_.advance(1min);
    EXPECT_EQ(take_one("NZ").verb, queue::verb::confirm) << "nobody knows whether it arrived";
    EXPECT_EQ(inbox().size(), 1u);
}

TEST_P(ledger_pulls, the_same_fetch_told_twice_stores_and_confirms_once) {
    const auto o = fetched_from(fetch_task());
    const auto first = receive(o);
    EXPECT_TRUE(first.received && first.stored);
    const auto second = receive(o);
    EXPECT_TRUE(second.repeat);
    EXPECT_FALSE(second.received || second.stored) << "nobody is told again";
    EXPECT_EQ(inbox().size(), 1u);
    EXPECT_EQ(take("NZ").size(), 1u);
}

TEST_P(ledger_pulls, a_fetch_without_what_it_brought_is_not_done) {
    const auto t = fetch_task();
    auto o = outcome_of(t, queue::outcome_class::done);
    o.reference = t.reference;
    EXPECT_EQ(tell(o).after, state::parked);
    EXPECT_TRUE(inbox().empty());
}

TEST_P(ledger_pulls, an_outcome_that_came_after_its_lease_counts_too) {
    const auto t = fetch_task();
    time_.advance(1h);
    end_leases();
    receive(fetched_from(t));
    EXPECT_EQ(inbox().size(), 1u);
    time_.advance(1h);
    EXPECT_EQ(take_one("NZ").verb, queue::verb::confirm) << "and it is not fetched again";
}

TEST_P(ledger_pulls, what_is_owed_at_a_channel_is_not_done_at_another_when_the_partner_moves) {
    channel_ = "ippc";
    pull();
    listed({waits("HUB-1"), waits("HUB-2")});
    auto both = take("NZ");
    ASSERT_EQ(both.size(), 2u);
    receive(fetched_from(both[0]));
    tell(both[1], queue::outcome_class::temporary);
    time_.advance(5min);
    channel_ = "nz";
    EXPECT_TRUE(take("NZ").empty()) << "another system knows HUB-1 as another's, or not at all";
    for (const auto verb : {queue::verb::confirm, queue::verb::fetch}) {
        const auto rows = custody(verb);
        const auto parked = std::ranges::find(rows, state::parked, &custody_view::state);
        ASSERT_NE(parked, rows.end());
        EXPECT_EQ(parked->reason, "channel-changed");
    }
    EXPECT_TRUE(take("AU").empty());
    channel_ = "ippc";
    EXPECT_EQ(take_one("AU").verb, queue::verb::list) << "a list needs nobody";
}

TEST_P(ledger_pulls, findings_are_confirmed_as_a_warning_and_stored) {
    receive(fetched_from(fetch_task()), {queue::confirmation_kind::warning, "no signature"});
    EXPECT_EQ(inbox().size(), 1u);
    EXPECT_EQ(*take_one("NZ").confirmation,
              (queue::confirmation{queue::confirmation_kind::warning, "no signature"}));
}

TEST_P(ledger_pulls, what_cannot_be_read_is_no_certificate_but_its_bytes_are_kept) {
    const auto o = fetched_from(fetch_task(), "no XML");
    const auto done = receive(o, {queue::confirmation_kind::failed, "not readable"});
    EXPECT_TRUE(done.ended);
    EXPECT_TRUE(done.received);
    EXPECT_FALSE(done.stored);
    EXPECT_TRUE(inbox().empty());
    EXPECT_TRUE(good(books_->content(crypto::sha256_of("no XML"))));
    EXPECT_EQ(*take_one("NZ").confirmation,
              (queue::confirmation{queue::confirmation_kind::failed, "not readable"}));
}

TEST_P(ledger_pulls, what_was_pushed_to_us_under_the_number_is_stored_once_and_confirmed) {
    const auto before = good(books_->arrive(numbered("HUB-1", "NZ/HUB-1", "<a/>")));
    receive(fetched_from(fetch_task()));
    ASSERT_EQ(inbox().size(), 1u);
    EXPECT_EQ(inbox()[0].inbound, before.inbound);
    EXPECT_EQ(take_one("NZ").confirmation->how, queue::confirmation_kind::plain);
}

TEST_P(ledger_pulls, other_bytes_under_a_stored_number_are_refused_and_they_are_told) {
    good(books_->arrive(numbered("HUB-1", "NZ/HUB-1", "<other/>")));
    receive(fetched_from(fetch_task()));
    EXPECT_EQ(inbox().size(), 1u);
    EXPECT_EQ(take_one("NZ").confirmation->how, queue::confirmation_kind::failed);
}

TEST_P(ledger_pulls, what_is_pushed_with_a_number_is_confirmed_by_a_call_of_ours_once) {
    auto pushed = numbered("HUB-1", "NZ/HUB-1", "<a/>");
    pushed.confirm = queue::confirmation{queue::confirmation_kind::warning, "page 2"};
    const auto stored = good(books_->arrive(pushed));
    reopen_after_a_crash();
    const auto tasks = take("NZ");
    EXPECT_TRUE(good(books_->arrive(pushed)).repeat);
    ASSERT_EQ(tasks.size(), 1u);
    EXPECT_EQ(tasks[0].verb, queue::verb::confirm);
    EXPECT_EQ(tasks[0].reference, "HUB-1");
    EXPECT_EQ(tasks[0].confirmation, pushed.confirm);
    tell(tasks[0], queue::outcome_class::done);
    EXPECT_EQ(count_events(stored.inbound, "confirmed"), 1);
    good(books_->arrive(pushed));
    pull();
    listed({waits("HUB-1")});
    EXPECT_TRUE(take("NZ").empty()) << "known, and confirmed just now";
    pushed.at = time_.now() + 2h;
    time_.advance(2h);
    good(books_->arrive(pushed));
    EXPECT_EQ(take_one("NZ").verb, queue::verb::confirm) << "they did not hear it";
}

TEST_P(ledger_pulls, what_is_pushed_while_its_fetch_is_out_is_stored_and_confirmed_once) {
    const auto o = fetched_from(fetch_task());
    auto pushed = numbered("HUB-1", "NZ/HUB-1", "<a/>");
    pushed.confirm.emplace();
    good(books_->arrive(pushed));
    EXPECT_TRUE(receive(o).ended);
    EXPECT_EQ(inbox().size(), 1u);
    EXPECT_EQ(take("NZ").size(), 1u);
}

TEST_P(ledger_pulls, the_same_number_on_another_channel_names_another_certificate) {
    auto on_its_own = numbered("HUB-1", "NZ/HUB-1", "<direct/>");
    on_its_own.channel = "nz";
    good(books_->arrive(on_its_own));
    receive(fetched_from(fetch_task()));
    EXPECT_EQ(inbox().size(), 2u);
    EXPECT_EQ(take_one("NZ").confirmation->how, queue::confirmation_kind::plain);
}

TEST_P(ledger_pulls, a_confirmation_is_repeated_until_they_took_it) {
    receive(fetched_from(fetch_task()));
    tell(take_one("NZ"), queue::outcome_class::ambiguous);
    time_.advance(1min);
    const auto again = take_one("NZ");
    EXPECT_EQ(again.verb, queue::verb::confirm);
    tell(again, queue::outcome_class::done);
    time_.advance(24h);
    EXPECT_TRUE(take("NZ").empty());
}

TEST_P(ledger_pulls, what_they_list_long_after_it_was_confirmed_is_confirmed_again) {
    receive(fetched_from(fetch_task()));
    tell(take_one("NZ"), queue::outcome_class::done);
    time_.advance(5min);
    listed({waits("HUB-1")});
    EXPECT_TRUE(take("NZ").empty()) << "the list may be older than our confirmation";
    time_.advance(1h);
    listed({waits("HUB-1")});
    EXPECT_EQ(take_one("NZ").verb, queue::verb::confirm);
    EXPECT_EQ(inbox().size(), 1u);
}

TEST_P(ledger_pulls, a_number_that_is_used_again_is_another_certificate_and_fetched) {
    receive(fetched_from(fetch_task()));
    tell(take_one("NZ"), queue::outcome_class::done);
    time_.advance(2h);
    const queue::waiting_there again{{"NZ", "CN", "NZ/other", 851, 70}, "HUB-1"};
    EXPECT_EQ(listed({again}).alerts.size(), 1u);
    const auto t = take_one("NZ");
    EXPECT_EQ(t.verb, queue::verb::fetch) << "never confirmed unseen";
    EXPECT_EQ(t.envelope.number, "NZ/other");
    receive(fetched_from(t, "<other/>"));
    EXPECT_EQ(inbox().size(), 2u);
    EXPECT_EQ(take_one("NZ").confirmation->how, queue::confirmation_kind::plain);
    time_.advance(5min);
    EXPECT_TRUE(listed({again}).alerts.empty()) << "told once";
}

TEST_P(ledger_pulls, what_is_owed_about_the_certificate_before_never_confirms_the_new_one) {
    receive(fetched_from(fetch_task()));
    tell(take_one("NZ"), queue::outcome_class::temporary);  // the confirm waits
    time_.advance(5min);
    listed({{{"NZ", "CN", "NZ/other", 851, 70}, "HUB-1"}});
    const auto owed = take("NZ");
    ASSERT_EQ(owed.size(), 1u);
    EXPECT_EQ(owed[0].verb, queue::verb::fetch);
}

TEST_P(ledger_pulls, nobody_starts_the_list_of_a_channel_that_is_not_pulled) {
    pull();
    const auto list = custody(queue::verb::list).at(0);
    tell(take_one("AU"), queue::outcome_class::poison);
    time_.advance(1h);
    tell(take_one("AU"), queue::outcome_class::poison);
    for (int i = 0; i < 3 && custody(queue::verb::list).at(0).state != state::parked; ++i) {
        time_.advance(1h);
        tell(take_one("AU"), queue::outcome_class::poison);
    }
    ASSERT_EQ(custody(queue::verb::list).at(0).state, state::parked);
    pull({});
    EXPECT_FALSE(run(books_->retry(list.id, "operator:root", "again", time_.now())));
    EXPECT_TRUE(take("AU").empty());
    pull();
    good(books_->retry(list.id, "operator:root", "again", time_.now()));
    good(books_->hold(list.id, "operator:root", "wait", time_.now()));
    pull({});
    EXPECT_FALSE(run(books_->release(list.id, "operator:root", "go", time_.now())));
    EXPECT_TRUE(take("AU").empty());
}

TEST_P(ledger_pulls, a_list_that_is_out_when_its_channel_is_no_longer_pulled_ends_with_its_answer) {
    pull();
    auto o = outcome_of(take_one("AU"), queue::outcome_class::done);
    o.listing.emplace();
    pull({});
    policy_.pull_every = {};
    tell(o);
    time_.advance(24h);
    EXPECT_TRUE(take("AU").empty());
    policy_.pull_every = 5min;
    pull();
    EXPECT_EQ(take_one("AU").verb, queue::verb::list) << "until it is again";
}

TEST_P(ledger_pulls, a_list_that_is_out_while_its_partner_is_removed_goes_to_the_next) {
    pull();
    const auto t = take_one("AU");
    pull({{"ippc", "NZ"}});
    tell(t, queue::outcome_class::temporary);
    time_.advance(1h);
    EXPECT_TRUE(take("AU").empty());
    EXPECT_EQ(take_one("NZ").verb, queue::verb::list);
}

TEST_P(ledger_pulls, a_list_whose_lease_ends_unanswered_is_fitted_too) {
    pull();
    take_one("AU");
    pull({});
    time_.advance(1h);
    end_leases();
    time_.advance(1h);
    EXPECT_TRUE(take("AU").empty());
}

TEST_P(ledger_pulls, what_nobody_can_fetch_makes_no_list_come_sooner) {
    pull();
    std::vector<queue::waiting_there> all;
    for (int i = 0; i < 50; ++i) all.push_back(waits("XX-" + std::to_string(i), "XX"));
    listed(all, true);
    time_.advance(policy_.retry.first);
    EXPECT_TRUE(take("AU").empty()) << "nothing was taken";
    time_.advance(policy_.pull_every);
    EXPECT_EQ(take("AU").size(), 1u);
}

TEST_P(ledger_pulls, a_list_that_is_cut_is_told_once) {
    pull();
    EXPECT_EQ(listed({}, true).alerts.size(), 1u);
    for (int i = 0; i < 5; ++i) {
        time_.advance(policy_.pull_every);
        EXPECT_TRUE(listed({}, true).alerts.empty());
    }
}

TEST_P(ledger_pulls, a_page_is_taken_to_its_end_before_the_next_is_asked_for) {
    policy_.pull_most = 2;
    pull();
    const std::vector<queue::waiting_there> three{waits("1"), waits("2"), waits("3")};
    listed(three, false, "3");
    time_.advance(policy_.retry.first);
    const auto again = take_one("AU");
    EXPECT_EQ(again.page, "") << "the rest of this page first";
    auto o = outcome_of(again, queue::outcome_class::done);
    o.listing = queue::listing{three, "3", false};
    tell(o);
    EXPECT_EQ(take("NZ").size(), 3u);
    time_.advance(policy_.retry.first);
    EXPECT_EQ(take_one("AU").page, "3");
}

TEST_P(ledger_pulls, what_waits_behind_a_thousand_that_nobody_can_fetch_is_fetched) {
    pull();
    std::vector<queue::waiting_there> foreign;
    for (std::size_t i = 0; i < queue::most_listed; ++i)
        foreign.push_back(waits("XX-" + std::to_string(i), "XX"));
    const auto end = std::to_string(foreign.size());
    listed(foreign, false, end);
    time_.advance(policy_.retry.first);
    const auto rest = take_one("AU");
    EXPECT_EQ(rest.page, end);
    auto o = outcome_of(rest, queue::outcome_class::done);
    o.listing = queue::listing{{waits("HUB-1")}, {}, false};
    tell(o);
    EXPECT_EQ(take_one("NZ").reference, "HUB-1");
    time_.advance(policy_.retry.first);
    EXPECT_TRUE(take("AU").empty()) << "the usual time again";
    time_.advance(policy_.pull_every);
    EXPECT_EQ(take_one("AU").page, "") << "from its beginning";
}

TEST_P(ledger_pulls, a_fetch_that_was_a_moment_too_early_is_made_again) {
    tell(fetch_task(), queue::outcome_class::absent);
    time_.advance(policy_.retry.settle / 2);
    receive(fetched_from(take_one("NZ")));
    EXPECT_EQ(inbox().size(), 1u);
}

TEST_P(ledger_pulls, what_is_not_there_for_the_settle_time_waits_for_a_person) {
    tell(fetch_task(), queue::outcome_class::absent);
    const auto first = time_.now();
    while (custody(queue::verb::fetch).at(0).state != state::parked) {
        ASSERT_LE(time_.now() - first, policy_.retry.settle);
        time_.advance(custody(queue::verb::fetch).at(0).next_try.value() - time_.now());
        tell(take_one("NZ"), queue::outcome_class::absent);
    }
    EXPECT_GE(time_.now() - first, policy_.retry.settle);
}

TEST_P(ledger_pulls, what_is_listed_long_after_its_fetch_was_cancelled_is_fetched_again) {
    tell(fetch_task(), queue::outcome_class::unrecognised);
    const auto id = custody(queue::verb::fetch).at(0).id;
    good(books_->cancel(id, "operator:root", "nothing is missing", time_.now()));
    time_.advance(5min);
    EXPECT_TRUE(listed({waits("HUB-1")}).alerts.empty());
    EXPECT_TRUE(take("NZ").empty());
    time_.advance(1h);
    EXPECT_EQ(listed({waits("HUB-1")}).alerts.size(), 1u);
    EXPECT_EQ(take_one("NZ").verb, queue::verb::fetch);
}

TEST_P(ledger_pulls, an_answer_nobody_understands_stops_no_list_and_is_told_once) {
    pull();
    EXPECT_EQ(tell(take_one("AU"), queue::outcome_class::unrecognised).alerts.size(), 1u);
    for (int i = 0; i < 5; ++i) {
        time_.advance(1h);
        EXPECT_TRUE(tell(take_one("AU"), queue::outcome_class::unrecognised).alerts.empty());
    }
    time_.advance(1h);
    listed({waits("HUB-1")});
    EXPECT_EQ(take("NZ").size(), 1u);
}

TEST_P(ledger_pulls, what_is_pulled_is_found_by_its_number_before_it_is_stored_too) {
    const auto t = fetch_task();
    list_query q;
    q.number = "NZ/HUB-1";
    auto rows = good(books_->custody(q)).rows;
    ASSERT_EQ(rows.size(), 1u);
    EXPECT_EQ(rows[0].verb, queue::verb::fetch);
    receive(fetched_from(t));
    rows = good(books_->custody(q)).rows;
    ASSERT_EQ(rows.size(), 2u) << "each piece of work once";
    EXPECT_EQ(rows[0].verb, queue::verb::confirm);
    q.number = "NZ/other";
    EXPECT_TRUE(good(books_->custody(q)).rows.empty());
    q.number = "NZ/HUB-1";
    q.agency = "NPPO";
    EXPECT_EQ(good(books_->custody(q)).rows.size(), 1u) << "its own arrival";
}

TEST_P(ledger_pulls, what_was_fetched_is_in_our_hands) {
    receive(fetched_from(fetch_task()));
    const auto rows = custody(queue::verb::fetch);
    ASSERT_EQ(rows.size(), 1u);
    EXPECT_EQ(rows[0].holder, "hub");
}

TEST_P(ledger_pulls, what_a_list_names_and_cannot_be_fetched_is_told_once_a_day) {
    pull();
    auto o = outcome_of(take_one("AU"), queue::outcome_class::done);
    o.listing = queue::listing{{waits("HUB-1")}, {}, false, 2};
    EXPECT_EQ(tell(o).alerts.size(), 1u);
    for (int i = 0; i < 24; ++i) {
        time_.advance(1h);
        auto next = outcome_of(take_one("AU"), queue::outcome_class::done);
        next.listing = queue::listing{{}, {}, false, 2};
        EXPECT_EQ(tell(next).alerts.size(), i == 23 ? 1u : 0u) << i;
    }
}

TEST_P(ledger_pulls, operators_see_and_mend_what_is_pulled_like_everything_else) {
    const auto t = fetch_task();
    tell(t, queue::outcome_class::unrecognised);
    auto rows = custody(queue::verb::fetch);
    ASSERT_EQ(rows.size(), 1u);
    EXPECT_EQ(rows[0].state, state::parked);
    ASSERT_TRUE(rows[0].pulled);
    EXPECT_EQ(rows[0].pulled->reference, "HUB-1");
    EXPECT_EQ(rows[0].holder, "operator");
    EXPECT_EQ(good(books_->custody_of(rows[0].id)).state, state::parked);
    EXPECT_GE(good(books_->events(rows[0].id, "")).size(), 3u);
    EXPECT_FALSE(run(books_->events(rows[0].id, "NPPO"))) << "no agency's business yet";
    EXPECT_EQ(good(books_->retry(rows[0].id, "operator:root", "mended", time_.now())),
              state::waiting);
    receive(fetched_from(take_one("NZ")));
    rows = custody(queue::verb::confirm);
    ASSERT_EQ(rows.size(), 1u);
    EXPECT_TRUE(rows[0].inbound) << "what was stored";
    EXPECT_EQ(custody(queue::verb::list).size(), 1u);
    EXPECT_EQ(counted(state::delivered, queue::verb::fetch), 1u);
    EXPECT_EQ(counted(state::waiting, queue::verb::confirm), 1u);
}

TEST_P(ledger_pulls, our_answer_is_retried_by_the_inbound_id_while_a_confirmation_is_owed) {
    receive(fetched_from(fetch_task()));
    tell(take_one("NZ"), queue::outcome_class::done);
    const auto arrived = inbox().at(0).inbound;
    good(books_->answer(arrived, "NPPO", {39, "", ""}, time_.now(), ""));
    tell(take_one("NZ"), queue::outcome_class::unrecognised);
    time_.advance(2h);
    listed({waits("HUB-1")});  // a second confirmation
    EXPECT_EQ(good(books_->retry(arrived, "operator:root", "mended", time_.now())), state::waiting);
    const auto tasks = take("NZ");
    EXPECT_TRUE(
        std::ranges::any_of(tasks, [](const auto& t) { return t.verb == queue::verb::respond; }));
}

TEST_P(ledger_pulls, a_list_is_held_and_released_but_never_cancelled) {
    pull();
    const auto list = custody(queue::verb::list).at(0);
    EXPECT_FALSE(run(books_->cancel(list.id, "operator:root", "enough", time_.now())));
    good(books_->hold(list.id, "operator:root", "they move", time_.now()));
    pull();
    EXPECT_TRUE(take("AU").empty());
    good(books_->release(list.id, "operator:root", "moved", time_.now()));
    EXPECT_EQ(take_one("AU").verb, queue::verb::list);
}

TEST_P(ledger_pulls, a_fetch_of_another_partner_s_work_changes_nothing) {
    auto o = fetched_from(fetch_task());
    auto what = read(o);
    o.partner = what.what.partner = "AU";
    EXPECT_FALSE(good(books_->fetched(o, what, policy_, time_.now(), 0.0)).known);
    EXPECT_TRUE(inbox().empty());
}

TEST_P(ledger_pulls, what_they_took_is_asked_for_ever_more_rarely_until_the_receiver_has_it) {
    policy_.can_track = true;
    policy_.honours_message_id = false;
    policy_.track_after = 1min;
    const auto d = take_in(push("A/1", "<a/>")).delivery;
    auto taken = outcome_of(take_one(), queue::outcome_class::sent);
    taken.reference = "HUB-7";
    tell(taken);
    for (const duration wait : {1min, 2min, 4min, 8min, 16min, 32min, 60min, 60min}) {
        time_.advance(wait - 1s);
        EXPECT_TRUE(take().empty()) << wait.count();
        time_.advance(1s);
        const auto asks = take_one();
        EXPECT_EQ(asks.verb, queue::verb::track);
        EXPECT_EQ(asks.reference, "HUB-7");
        tell(asks, queue::outcome_class::sent);
    }
    EXPECT_EQ(state_now(d), state::sent);
    time_.advance(1h);
    auto has = outcome_of(take_one(), queue::outcome_class::delivered);
    has.warning = "DeliveredWithWarnings: page 2";
    EXPECT_EQ(tell(has).alerts.size(), 1u);
    EXPECT_EQ(state_now(d), state::delivered);
    EXPECT_EQ(count_events(d, "warned"), 1);
    time_.advance(48h);
    EXPECT_TRUE(take().empty());
}

TEST_P(ledger_pulls, what_they_no_longer_have_settles_before_it_is_sent_again) {
    policy_.can_track = true;
    policy_.honours_message_id = false;
    policy_.send_again_when_absent = true;
    policy_.track_after = 1min;
    take_in(push("A/1", "<a/>"));
    auto taken = outcome_of(take_one(), queue::outcome_class::sent);
    taken.reference = "HUB-7";
    tell(taken);
    time_.advance(1min);
    const auto first_absent = time_.now();
    queue::task next = take_one();
    while (next.verb == queue::verb::track) {
        tell(next, queue::outcome_class::absent);
        time_.advance(good(books_->next_due()).value() - time_.now());
        next = take_one();
    }
    EXPECT_EQ(next.verb, queue::verb::deliver);
    EXPECT_GE(time_.now() - first_absent, policy_.retry.settle);
    EXPECT_EQ(next.reference, "") << "that number names nothing";
    auto again = outcome_of(next, queue::outcome_class::sent);
    again.reference = "HUB-8";
    tell(again);
    time_.advance(1min);
    EXPECT_EQ(take_one().reference, "HUB-8");
}

TEST_P(ledger_pulls, what_they_never_had_parks_where_a_second_might_be_one_too_many) {
    policy_.can_track = true;
    policy_.honours_message_id = false;
    const auto d = take_in(push("A/1", "<a/>")).delivery;
    tell(take_one(), queue::outcome_class::ambiguous);
    for (int i = 0; i < 100 && state_now(d) != state::parked; ++i) {
        time_.advance(good(books_->next_due()).value() - time_.now());
        const auto asks = take_one();
        EXPECT_EQ(asks.verb, queue::verb::track);
        tell(asks, queue::outcome_class::absent);
    }
    EXPECT_EQ(state_now(d), state::parked);
}

TEST_P(ledger_pulls, an_ambiguous_send_that_is_found_adopts_its_number) {
    policy_.can_track = true;
    policy_.honours_message_id = false;
    policy_.track_after = 1min;
    const auto d = take_in(push("A/1", "<a/>")).delivery;
    tell(take_one(), queue::outcome_class::ambiguous);
    time_.advance(1min);
    auto found = outcome_of(take_one(), queue::outcome_class::sent);
    found.reference = "HUB-9";
    tell(found);
    EXPECT_EQ(state_now(d), state::sent);
    EXPECT_EQ(seen(d).peer_reference, "HUB-9");
    time_.advance(1min);
    const auto asks = take_one();
    EXPECT_EQ(asks.verb, queue::verb::track);
    EXPECT_EQ(asks.reference, "HUB-9");
    tell(asks, queue::outcome_class::delivered);
    EXPECT_EQ(state_now(d), state::delivered);
}

}  // namespace ecert::hub
