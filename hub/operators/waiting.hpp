// Why due work does not move, where that is outside the ledger. Pure.
#pragma once

#include "hub/ledger/ledger.hpp"

#include <string>

namespace ecert::hub {

struct outside {
    std::string queue_trouble;   // nothing can be published; empty: it can
    bool nobody_serves = false;  // its partner has no worker
};

// Puts it into the reason, and who must act, of work that is due or in the queue. It is never
// parked for that: it goes on by itself when the cause is gone.
void say_why_it_waits(custody_view& v, const outside& is, time_point now);

}  // namespace ecert::hub
