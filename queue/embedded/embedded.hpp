// The queue of a node on one machine: bounded, in memory, gone with the process by design.
#pragma once

#include "queue/transport.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <memory>

namespace ecert::queue {

struct embedded_limits {
    std::size_t messages = 10'000;   // a queue
    std::size_t bytes = 256u << 20;  // over all queues; outcomes are taken beyond it
};
std::unique_ptr<transport> make_embedded(boost::asio::any_io_executor on,
                                         embedded_limits limits = {});

}  // namespace ecert::queue
