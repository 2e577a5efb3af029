#include "adapters/http/deadline.hpp"

#include <boost/asio/steady_timer.hpp>

namespace ecert::http {

struct deadline::state : std::enable_shared_from_this<deadline::state> {
    explicit state(const boost::asio::any_io_executor& on) : timer{on} {}

    void wait() {
        waits = true;
        timer.expires_at(until);
        timer.async_wait([self = shared_from_this()](boost::system::error_code replaced) {
            if (!replaced) self->rang();
        });
    }

    void rang() {
        waits = false;
        if (until == steady_point::max()) return;
        if (machine_clock().steady() < until) return wait();
        fired = true;
        signal.emit(boost::asio::cancellation_type::terminal);
    }

    boost::asio::steady_timer timer;
    boost::asio::cancellation_signal signal;
    steady_point until = steady_point::max();
    bool waits = false;
    bool fired = false;
};

deadline::deadline(boost::asio::any_io_executor on) : state_{std::make_shared<state>(on)} {}

deadline::~deadline() {
    state_->until = steady_point::max();
    state_->timer.cancel();
}

boost::asio::cancellation_slot deadline::start(steady_point until) {
    state_->fired = false;
    state_->until = until;
    if (!state_->waits || state_->timer.expiry() > until) state_->wait();
    return state_->signal.slot();
}

bool deadline::stop() {
    state_->until = steady_point::max();
    return state_->fired;
}

void deadline::cancel() { state_->signal.emit(boost::asio::cancellation_type::terminal); }

}  // namespace ecert::http
