// Attempts at the work that is owed: on what terms they are leased, how their outcomes are judged,
// what became of it.
#pragma once

#include "config/clock.hpp"
#include "config/settings.hpp"
#include "crypto/source.hpp"
#include "hub/dispatch/decide.hpp"
#include "hub/ledger/lifecycle.hpp"
#include "queue/task.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace ecert::hub {

using queue::uuid;

struct lease_terms {
    dispatch_settings limits;
    time_point now{};
    crypto::sha256 dialect;  // what dispatch will plan with; all zero: not known. When the outcome
                             // of an earlier send never came, no translation was kept and this
                             // digest has changed since, the work parks instead of going out
    std::uint64_t fetch_bytes = 0;  // what a fetch may bring at most: it has the time for that
    // By which dispatch reaches the partner; empty: not known. What has sense at one channel alone
    // (fetch, confirm, track) parks where this is another.
    std::string channel;
};

// How the pieces of work of a partner are treated: from the configuration snapshot.
struct work_policy {
    retry_settings retry;
    bool can_track = false;
    bool honours_message_id = true;
    duration receipt_deadline{3'600'000};
    duration acknowledgement_deadline{259'200'000};
    bool send_again_when_absent = false;
    duration track_after{0};  // what is in their custody is asked for by itself; 0: only when their
                              // receipt is overdue
    crypto::sha256 dialect;   // in force now
    duration pull_every{0};   // list: its channel is listed so often
    unsigned pull_most = 100;  // list: fetched after one listing
    std::shared_ptr<const std::map<std::string, std::string>>
        senders;  // list: From on its channel -> partner
    return_terms returned;
    hub::misfit misfit{};  // of what a fetch brought, as who read it found
};

struct applied {
    bool known = false;   // false: no such work or attempt; kept as an event all the same
    bool repeat = false;  // this very outcome was applied before (a queue may bring it twice):
                          // recorded, nothing else
    uuid delivery{};      // or what else the work is about: the inbound certificate we answered
    state before{}, after{};
    bool ended = false;
    bool received = false;  // fetched: what it brought was taken in now, and not before
    bool stored = false;    // fetched: it is new in the inbox
    hub::verdict verdict;
    std::vector<std::string> alerts;
};

struct due_partner {
    std::string partner;
    std::string channel;
    time_point due{};         // of its earliest piece of work
    std::uint64_t ready = 0;  // at least; counting stops at 1000
};

// An attempt that is out: what dispatch counts as in flight when it starts.
struct open_lease {
    std::int64_t work = 0;
    std::uint32_t attempt = 0;
    std::string partner, channel;
    time_point ends{};
    bool suspect = false;
};

}  // namespace ecert::hub
