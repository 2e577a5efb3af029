// Dispatch: publishes what is due, applies what comes back. Reads nothing but the ledger's answers
// and the snapshot; decides by pure functions (decide, window, circuit, hours); loses nothing when
// it dies.
//
// step() is one turn at a given time, so that a ten-day schedule runs in milliseconds under a
// manual clock; run() turns it as due times and outcomes come. Thread rule: one executor.
#pragma once

#include "adapters/engine/channels.hpp"
#include "config/metrics.hpp"
#include "hub/ledger/ledger.hpp"
#include "queue/transport.hpp"
#include "queue/wire/sealed.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace ecert::hub {

struct channel_status {
    std::string channel;
    unsigned window = 0, in_flight = 0;
    std::string circuit;  // closed | open until ... | probing | ramp N
    std::string last_failure;
    bool within_hours = true;
};

class dispatch {
  public:
    virtual ~dispatch() = default;
    // One turn: ends leases, publishes what is due within windows, rates, hours and circuits.
    // Returns when to come again.
    virtual awaitable<time_point> step() = 0;
    // Applies one outcome (also what run() does for each lot of `outcomes`). Throws
    // std::runtime_error when the ledger cannot: nothing has changed then.
    virtual awaitable<void> apply(queue::outcome o) = 0;
    // A suspect that is out steps aside for others, or is alone again (workers in this process).
    virtual awaitable<void> alone(std::int64_t work, std::uint32_t attempt, bool is) = 0;
    virtual awaitable<void> run() = 0;  // until stop()
    virtual void wake() = 0;  // something became due: a certificate was accepted, an operator acted
    virtual awaitable<void> stop(duration within) = 0;  // publishes no more; applies outcomes until
                                                        // nothing is in flight or the time is over
    virtual std::vector<channel_status> channels() const = 0;
    // What waits for what outside (the queue); empty: nothing does. For people.
    virtual std::vector<std::string> waits() const = 0;
    // The partner's queue was made anew: what waited for a place in it is tried now.
    virtual void queue_renewed(const std::string& partner) = 0;
};

struct dispatch_parts {
    hub::ledger& ledger;
    queue::transport& queue;
    engine::snapshots& profiles;
    const clock& time;
    metrics& figures;
    dispatch_settings settings;
    std::function<double()> jitter;            // uniform in [-1, 1]
    std::function<void(const char*)> reached;  // crash harness
    queue::message_codec codec;                // sealed where a broker is between
    // What a fetch brought, read and judged (hub/partner): what to store and how to confirm it.
    // Failure: unavailable when its content is not to be had now; else it is not what was asked
    // for, and a person must look. Empty: nothing is pulled.
    std::function<awaitable<result<fetched_arrival>>(queue::outcome)> receive;
    // That, once the ledger has it.
    std::function<void(const fetched_arrival&, const applied&)> received;
    // The token of a task whose worker fetches content from us (hub/workers); empty: none does.
    std::function<std::string(const queue::task&)> token;
};
std::unique_ptr<dispatch> make_dispatch(boost::asio::any_io_executor on, dispatch_parts parts);

}  // namespace ecert::hub
