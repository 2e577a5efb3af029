// What a listener turned away: each counted at /metrics (ecert_door_refusals_total), and told in
// the log without letting anybody fill it. The first of a source is told at once; what more comes
// from it within a window is one line with its count. A few sources are told apart, the rest
// together.
//
// Thread rule: the listener's executor.
#pragma once

#include "config/clock.hpp"
#include "config/metrics.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <memory>
#include <string>
#include <string_view>

namespace ecert::http {

enum class reason {
    handshake_failed,     // no certificate, one of another CA, no TLS at all
    handshake_too_slow,   // its deadline
    handshake_made_room,  // unfinished while the allowance was full
    identity_has_its_part,
    all_connections_taken,
    idle_made_room,
    no_room_for_body,
};
std::string_view name_of(reason why);

class refusals {
  public:
    refusals(boost::asio::any_io_executor on, std::string listener, metrics* figures,
             duration window);
    ~refusals();
    void tell(reason why, const std::string& source, std::string_view details);
    void flush();  // what was counted and not told yet

  private:
    struct state;
    std::shared_ptr<state> state_;
};

}  // namespace ecert::http
