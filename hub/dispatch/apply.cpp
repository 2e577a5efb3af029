#include "hub/dispatch/apply.hpp"

#include "hub/dispatch/dispatch_log.hpp"

#include <boost/asio/steady_timer.hpp>

namespace ecert::hub {
namespace {

constexpr duration ledger_rest = 1s;
// An outcome that breaks off whatever applies it would come again for ever.
constexpr unsigned most_tries = 5;

awaitable<void> pause(desk_ptr d, duration time) {
    boost::asio::steady_timer timer{d->on, time};
    co_await timer.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
}

void tell(desk& d, const queue::outcome& o, const applied& what) {
    if (what.repeat) {
        d.parts.figures.alert("outcome_repeated");
        return dispatch_log::outcome_repeated(o);
    }
    d.parts.figures.outcome(o.partner, std::string{queue::name_of(o.what)});
    const auto took = std::chrono::duration<double>(o.exchange.ended - o.exchange.started);
    if (took.count() > 0) d.parts.figures.stage("attempt", took.count());
    if (!what.known) {
        d.parts.figures.alert("outcome_unmatched");
        return dispatch_log::outcome_unmatched(o);
    }
    dispatch_log::outcome_applied(o, what);
}

awaitable<bool> keep_unreadable(desk_ptr d, std::string body, failure why) {
    const auto source = crypto::from_memory(std::move(body));
    auto kept = co_await d->parts.ledger.put(source);
    if (!kept) {
        dispatch_log::ledger_failed("put", kept.error().text);
        co_return false;
    }
    dispatch_log::outcome_unreadable(why, source->digest(), source->size());
    d->parts.figures.alert("outcome_unreadable");
    co_return true;
}

awaitable<bool> applied_or_kept(desk_ptr d, const std::string& body, outcome_reader read) {
    auto told = read(d->parts.codec, body);
    if (!told) co_return co_await keep_unreadable(d, body, told.error());
    auto done = co_await apply_outcome(d, std::move(told).value());
    if (done) co_return true;
    dispatch_log::ledger_failed("apply", done.error().text);
    if (done.error().kind == failure_kind::unavailable) co_return false;
    co_return co_await keep_unreadable(d, body, done.error());
}

std::string told(std::exception_ptr thrown) {
    try {
        std::rethrow_exception(thrown);
    } catch (const std::exception& e) {
        return e.what();
    } catch (...) {
        return "an exception of no known type";
    }
}

// It comes again a few times; then it is set aside like one that cannot be read, and the lease of
// its attempt decides.
awaitable<bool> broke_off(desk_ptr d, const std::string& body, std::exception_ptr thrown) {
    const std::string why = told(thrown);
    const auto which = crypto::sha256_of(body).hex();
    const unsigned tries = ++d->broken_outcomes[which];
    dispatch_log::outcome_broke(why, tries);
    d->parts.figures.alert("outcome_broke");
    if (tries < most_tries) co_return false;
    const failure last{failure_kind::internal,
                       "applying it broke off " + std::to_string(tries) + " times: " + why};
    const bool kept = co_await keep_unreadable(d, body, last);
    if (kept) d->broken_outcomes.erase(which);
    co_return kept;
}

// Never throws: the loop of outcomes outlives whatever one of them does.
awaitable<bool> settled(desk_ptr d, const std::string& body, outcome_reader read) {
    std::exception_ptr thrown;
    try {
        co_return co_await applied_or_kept(d, body, read);
    } catch (...) {
        thrown = std::current_exception();
    }
    try {
        co_return co_await broke_off(d, body, thrown);
    } catch (...) {
        dispatch_log::job_failed(told(std::current_exception()));
        co_return false;
    }
}

// Counts the lot as being applied, however that ends.
class application {
  public:
    explicit application(desk_ptr d) : desk_{std::move(d)} { ++desk_->applying; }
    ~application() {
        --desk_->applying;
        desk_->landed.ring();
    }
    application(const application&) = delete;
    application& operator=(const application&) = delete;

  private:
    desk_ptr desk_;
};

using applied_result = result<applied>;

misfit misfit_of(const failure& why) {
    if (why.kind == failure_kind::forbidden) return misfit::not_for_us;
    return why.kind == failure_kind::conflict ? misfit::from_another : misfit::none;
}

// A fetch whose content is out of reach now is made again; one that brought something else than
// was asked for waits for a person.
void spoil(queue::outcome& o, const failure& why) {
    o.what = why.kind == failure_kind::unavailable ? queue::outcome_class::temporary
                                                   : queue::outcome_class::unrecognised;
    o.text = why.text;
    o.fetched.reset();
}

awaitable<applied_result> into_the_ledger(desk_ptr d, queue::outcome& o) {
    auto policy = d->planned()->policy(o.partner);
    const auto now = d->parts.time.now();
    const double jitter = d->parts.jitter ? d->parts.jitter() : 0.0;
    auto& books = d->parts.ledger;
    if (o.fetched && o.what == queue::outcome_class::done && d->parts.receive) {
        auto judged = co_await d->parts.receive(o);
        if (judged) {
            auto done = co_await books.fetched(o, *judged, policy, now, jitter);
            if (done && d->parts.received) d->parts.received(*judged, *done);
            co_return done;
        }
        policy.misfit = misfit_of(judged.error());
        spoil(o, judged.error());
    }
    co_return co_await books.apply(o, policy, now, jitter);
}

}  // namespace

result<queue::outcome> outcome_in(const queue::message_codec& by, const std::string& message) {
    return by.decode_outcome(message);
}

result<queue::outcome> poison_in(const queue::message_codec& by, const std::string& message) {
    const auto head = queue::head_of(message);
    const auto t = by.decode_task(message, head ? head->partner : std::string{});
    if (!t) return t.error();
    queue::outcome o;
    o.id = t->id;
    o.attempt = t->attempt;
    o.work = t->work;
    o.partner = t->partner;
    o.channel = t->channel;
    o.what = queue::outcome_class::poison;
    o.text =
        "the queue gave it up: whoever took it died or lost the queue before an outcome, more "
        "often than delivery_limit allows";
    o.traceparent = t->traceparent;
    return o;
}

awaitable<result<void>> apply_outcome(desk_ptr d, queue::outcome o) {
    d->reached("before-apply");
    auto done = co_await into_the_ledger(d, o);
    if (!done) co_return done.error();
    d->reached("after-apply");
    const auto landed = d->flights.land(o.work, o.attempt);
    const std::string& channel = landed ? landed->channel : o.channel;
    const auto& next = done->verdict;
    if (!done->repeat && d->planned()->from() && d->planned()->from()->channels.contains(channel))
        d->circuit_effect_of(channel, o.work, next.circuit,
                             o.text.empty() ? std::string{queue::name_of(o.what)} : o.text);
    tell(*d, o, *done);
    d->landed.ring();
    d->wake.ring();
    co_return result<void>{};
}

awaitable<void> apply_lot(desk_ptr d, std::unique_ptr<queue::lot> taken, outcome_reader read) {
    const application counted{d};
    if (co_await settled(d, taken->body(), read))
        taken->ack();
    else
        co_await pause(d, ledger_rest);
    taken.reset();
}

}  // namespace ecert::hub
