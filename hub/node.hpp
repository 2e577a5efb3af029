// The parts of a node, put together: ledger, queue, dispatch, workers, doors. Started in the order
// of the figure in design and stopped against it: first nothing new comes in, then what is in
// flight ends, then the ledger closes.
//
// Thread rule: one I/O loop; start(), stop() and every handler on it. reload() may be called from
// the pool.
#pragma once

#include "config/pool.hpp"
#include "config/problem.hpp"
#include "config/result.hpp"
#include "config/settings.hpp"

#include <boost/asio/io_context.hpp>

#include <filesystem>
#include <functional>
#include <memory>
#include <vector>

namespace ecert::hub {

struct node_options {
    std::filesystem::path configuration;
    bool workers = true;                       // in process: the embedded form
    std::function<void(const char*)> reached;  // crash harness: named points; empty: none
};

class node {
  public:
    node(boost::asio::io_context& loop, node_options options, configuration_ptr from);
    ~node();
    // Everything wrong at once; nothing listens unless all is well.
    problems start();
    // Partners, channels, dialects and identities anew; a bad file leaves the old ones in force and
    // is named.
    problems reload();
    awaitable<void> stop();

  private:
    struct parts;
    std::unique_ptr<parts> parts_;
};

}  // namespace ecert::hub
