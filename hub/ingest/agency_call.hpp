// One request of one agency: who it is, the configuration it began with, and what it may use.
#pragma once

#include "hub/ingest/agency_api.hpp"
#include "hub/listen/rate_limit.hpp"

#include <string>

namespace ecert::hub {

struct agency_call {
    const agency_api& parts;
    rate_limit& rate;
    engine::snapshot_ptr snapshot;
    const agency_settings& agency;  // in the snapshot's configuration
    language in = language::en;
    std::string traceparent;
    const configuration& configuration_of() const { return *snapshot->configuration; }
};

}  // namespace ecert::hub
