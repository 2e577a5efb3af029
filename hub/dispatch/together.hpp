// Several jobs at once: none waits for another.
#pragma once

#include "config/clock.hpp"
#include "config/pool.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <vector>

namespace ecert::hub {

// Starts all and returns true when all have ended; false when `patience` was over first: the rest
// go on by themselves and must own what they use. A job that throws is logged (event
// dispatch_job_failed) and counts as ended.
awaitable<bool> together(boost::asio::any_io_executor on, std::vector<awaitable<void>> jobs,
                         duration patience);

}  // namespace ecert::hub
