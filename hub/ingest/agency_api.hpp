// The agencies' door: /v1 over REST and mutual TLS. Certificates in, their state and events out,
// the inbox, /openapi.json; and, over SOAP, what stands under /soap.
//
// Guarantee: 202 and 200 are answered after the commit; whatever is refused leaves nothing behind.
// One agency never learns of another's certificates: their ids are 404.
#pragma once

#include "adapters/engine/channels.hpp"
#include "adapters/http/server.hpp"
#include "config/metrics.hpp"
#include "hub/ledger/ledger.hpp"
#include "hub/listen/roles.hpp"

#include <atomic>
#include <functional>
#include <memory>

namespace ecert::hub {

struct agency_call;

struct agency_api {
    hub::ledger& ledger;
    engine::snapshots& profiles;
    std::function<std::shared_ptr<const roles>()> who;  // in force now
    const clock& time;
    pool& work;
    metrics& figures;
    limit_settings limits;
    std::filesystem::path spool_folder;
    std::function<bool()> disk_low;            // below the reserve: ingest answers 503
    std::function<void()> accepted;            // wakes dispatch
    std::function<void(const char*)> reached;  // crash harness
    // What stands under /soap: the same over SOAP. The call is null for who is no agency. Empty:
    // there is nothing.
    std::function<awaitable<http::response>(const agency_api&, agency_call*, http::incoming&)>
        soap = {};
};

http::handler make_agency_handler(agency_api parts);  // owns the parts

}  // namespace ecert::hub
