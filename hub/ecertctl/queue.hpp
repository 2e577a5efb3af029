// The queue between hub and workers: the ledger's figures beside the broker's, and queues made
// anew.
#pragma once

#include "hub/ecertctl/session.hpp"

#include <string>
#include <vector>

namespace ecert::ctl {

struct rebuild_wish {
    std::vector<std::string> partners;
    bool outcomes = false, all = false;
};

exit_code show_queue(session& s);
// Not ok when one of them could not be rebuilt.
exit_code rebuild_queue(session& s, const rebuild_wish& wish, const std::string& reason);

}  // namespace ecert::ctl
