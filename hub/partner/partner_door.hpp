// The partners' door: SOAP over mutual TLS at /<dialect name> (POST). Reads requests through the
// engine's serve role, answers them from the ledger.
//
// Guarantee: a receipt is answered after the commit of what it acknowledges; the same message id
// gets the very same stored receipt; the same id with other content is a fault and an alert. From
// and To are held against the authenticated channel. Everything wrong is a signed fault; nothing
// wrong is stored.
#pragma once

#include "adapters/engine/channels.hpp"
#include "adapters/http/server.hpp"
#include "config/metrics.hpp"
#include "hub/ledger/ledger.hpp"
#include "hub/listen/roles.hpp"

#include <functional>
#include <memory>

namespace ecert::hub {

struct partner_door {
    hub::ledger& ledger;
    engine::snapshots& profiles;
    std::function<std::shared_ptr<const roles>()> who;
    engine::tools with;
    metrics& figures;
    std::function<bool()> disk_low;
    std::function<void()> changed;  // wakes dispatch
    std::function<void(const char*)> reached;
};
http::handler make_partner_handler(partner_door parts);

// The agency responsible for an arrival: the first whose rule matches, else the default agency.
struct responsible {
    std::string agency;
    bool by_rule = false;  // false: no rule matched, somebody should be told
};
responsible responsible_agency(const configuration& c, const queue::envelope& e);

}  // namespace ecert::hub
