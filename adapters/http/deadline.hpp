// Ends one operation at a time when its time is over. Arming costs no timer operation as long as
// an earlier wait is still out: one timer serves thousands of reads.
//
// Thread rule: the executor given. The operation's result must be awaited before the next start().
#pragma once

#include "config/clock.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <memory>

namespace ecert::http {

class deadline {
  public:
    explicit deadline(boost::asio::any_io_executor on);
    ~deadline();
    deadline(const deadline&) = delete;
    deadline& operator=(const deadline&) = delete;

    // The operation bound to this slot is cancelled at `until`.
    boost::asio::cancellation_slot start(steady_point until);
    // The operation has ended: true if it was the deadline that ended it.
    bool stop();
    // Ends the operation under way now; nothing if there is none.
    void cancel();

  private:
    struct state;
    std::shared_ptr<state> state_;
};

// The token for one operation: its result comes as a tuple, error first, at the latest at `until`.
inline auto within(deadline& limit, steady_point until) {
    return boost::asio::bind_cancellation_slot(limit.start(until),
                                               boost::asio::as_tuple(boost::asio::use_awaitable));
}

}  // namespace ecert::http
