// One authenticated request of a partner, as its verb's function gets it.
#pragma once

#include "adapters/engine/engine.hpp"
#include "hub/partner/answer.hpp"
#include "hub/partner/partner_door.hpp"

#include <string>
#include <vector>

namespace ecert::hub {

struct partner_request {
    engine::snapshot_ptr profiles;  // the one it began with
    engine::channel_ptr channel;
    std::string partner;                // who speaks; empty: the operation names nobody
    std::vector<std::string> partners;  // all that the channel's client certificate speaks for
    engine::served asked;
    std::string traceparent;
    language in = language::en;
    reply_to back(const partner_door& door) const { return {door.with, channel, asked}; }
};

awaitable<served_answer> serve_deliver(const partner_door& door, const partner_request& request);
awaitable<served_answer> serve_respond(const partner_door& door, const partner_request& request);
awaitable<served_answer> serve_track(const partner_door& door, const partner_request& request);
awaitable<served_answer> serve_told(const partner_door& door, const partner_request& request);
awaitable<served_answer> serve_list(const partner_door& door, const partner_request& request);
awaitable<served_answer> serve_fetch(const partner_door& door, const partner_request& request);
awaitable<served_answer> serve_confirm(const partner_door& door, const partner_request& request);

// Which partner speaks: on a channel of one partner that one, on a shared channel the one From
// names. From and To must agree with it. The fault tells an honest sender what to mend.
boost::system::result<std::string, engine::fault> authenticate(const engine::snapshot& profiles,
                                                               const std::string& channel,
                                                               const queue::envelope& e);
// Who is told of an envelope of ours: From must be us, To a partner of the channel.
boost::system::result<std::string, engine::fault> authenticate_receiver(
    const engine::snapshot& profiles, const std::string& channel, const queue::envelope& e);

// Names of all partners on the channel.
std::vector<std::string> partners_of(const engine::snapshot& profiles, const std::string& channel);

}  // namespace ecert::hub
