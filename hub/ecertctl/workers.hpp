// Worker hosts, as the hub knows them from their heartbeats.
#pragma once

#include "hub/ecertctl/session.hpp"

namespace ecert::ctl {

exit_code show_workers(session& s);

}  // namespace ecert::ctl
