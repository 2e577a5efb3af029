// Lines on their way to somebody who may read slowly, or not at all: a bounded queue and the thread
// that empties it. Whoever puts a line in never waits for the reader. What finds no room is
// dropped and counted, and the count is written where the lines would have stood.
//
// Thread rule: every function may be called from any thread.
#pragma once

#include "config/settings.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace ecert {

class line_queue {
  public:
    struct reader {
        std::function<void(const std::string&)> write;      // may block
        std::function<void()> flush;                        // after all that was there
        std::function<std::string(std::uint64_t)> dropped;  // the line that tells how many
    };
    explicit line_queue(reader to, std::uint64_t most_bytes = 4 * mib);
    // Does not wait: what is not drained is still written if the reader takes it before the process
    // ends.
    ~line_queue();
    line_queue(const line_queue&) = delete;
    line_queue& operator=(const line_queue&) = delete;

    void put(std::string line);
    std::uint64_t dropped() const;  // since the start
    // Everything put before it is with the reader; false: he did not take it in that time.
    bool drain(duration within);

  private:
    struct state;
    std::shared_ptr<state> state_;
};

}  // namespace ecert
