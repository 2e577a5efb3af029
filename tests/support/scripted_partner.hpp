// A partner that does what the script says, and what real partners do on their bad days: stays
// silent, trickles, floods, resets at any point, answers with the wrong status or a fault inside a
// 200. Requests without a line in the script go to a handler that behaves.
//
//   scripted_partner partner{loop.get_executor(), work, listener, well_behaved};
//   partner.expect("CN/2026/1").reply(behaviour::busy(7));
//   partner.expect().reply(behaviour::reset_after_body()).times(2);
//   partner.next_connection(behaviour::silence());
//
// Thread rule: one executor. It outlives nothing: let the loop run dry, or destroy both together.
#pragma once

#include "adapters/http/server.hpp"
#include "config/pool.hpp"
#include "tests/support/behaviour.hpp"

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace ecert::tests {

struct seen_request {
    http::request_head head;
    crypto::source_ptr body;
    std::optional<crypto::certificate> peer;
    std::string text(std::uint64_t limit = 16 * mib) const;
};

class scripted_partner {
  public:
    using where = std::variant<http::plain_listener, listener_settings>;
    scripted_partner(boost::asio::any_io_executor on, pool& work, where at,
                     http::handler otherwise = {});  // none: 200 with an empty body
    ~scripted_partner();
    scripted_partner(const scripted_partner&) = delete;

    std::uint16_t port() const;
    std::string url(const std::string& path = "/") const;

    // A line of the script: taken by the first request that fits, in the order of the lines.
    class line {
      public:
        line& reply(behaviour what);
        line& times(unsigned count);
        line& always();

      private:
        friend class scripted_partner;
        std::function<bool(const seen_request&)> fits_;
        behaviour what_ = behaviour::pass();
        unsigned left_ = 1;
    };
    line& expect(std::string text = {});  // anywhere in target or body; empty: any request
    line& expect(std::function<bool(const seen_request&)> fits);
    // Acts on the next connection before a byte of it is read: silence, reset or a raw answer.
    void next_connection(behaviour what);

    const std::vector<seen_request>& seen() const;
    unsigned connections() const;
    unsigned unused() const;  // lines that no request has come for

  private:
    struct state;
    std::shared_ptr<state> state_;
};

}  // namespace ecert::tests
