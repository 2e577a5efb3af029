// Who has a place at one listener.
//
// Guarantees: unfinished handshakes have places of their own and take none from connections that
// proved who they are. One source address may hold them all as long as nobody else comes; when they
// are all taken it loses what it holds beyond its part, and else the oldest of the busiest address
// makes room. One identity holds at most its part of the connections; when that is taken, or all
// are, the one that has been idle for longest makes room. Within `grace` nobody is put out who
// holds no more than its part: who is quick never is.
//
// Thread rule: the listener's executor. Time is a parameter.
#pragma once

#include "adapters/http/transport.hpp"
#include "config/clock.hpp"

#include <boost/asio/ip/address.hpp>

#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <optional>
#include <string>

namespace ecert::http {

class guest;

struct admission_terms {
    unsigned connections = 512;
    unsigned per_identity = 128;
    unsigned handshakes = 256;
    unsigned handshakes_per_source = 64;  // beyond it there is no grace
    duration grace{1'000};
};

enum class seat { given, identity_has_its_part, all_taken };

class admission {
  public:
    // `put_out` hears who had to make room.
    admission(admission_terms terms, std::function<void(const guest&)> put_out);

    // Empty: another connection may be accepted now. Else when it is worth another look, at the
    // latest when a connection has ended.
    std::optional<steady_point> full_until(steady_point now);
    void shakes_hands(guest& one, steady_point now);
    // A place for its requests. What is refused keeps the place of its handshake.
    seat sit(guest& one, std::string identity, steady_point now);

    const std::list<guest*>& guests() const { return guests_; }

  private:
    friend class guest;
    using counts = std::map<std::string, unsigned>;

    void count(guest& one, int by);
    void put_out(guest& one);
    guest* handshake_to_put_out(steady_point before) const;
    guest* longest_idle(const std::string* identity, steady_point before) const;

    admission_terms terms_;
    std::function<void(const guest&)> tell_;
    std::list<guest*> guests_;  // in the order of their coming
    unsigned shaking_ = 0, seated_ = 0;
    counts by_source_, by_identity_;  // of handshakes, of connections
};

// One connection from accept to close. Its place is free again when it dies, or is put out.
class guest {
  public:
    enum class place { none, shaking, idle, busy, put_out };

    guest(admission& at, std::string source);
    ~guest();
    guest(const guest&) = delete;

    void rests(steady_point now);
    void works();
    // Ends it as it is: nothing more is owed to it.
    void end() const;

    place at() const { return place_; }
    place was() const { return was_; }  // before it was put out
    const std::string& source() const { return source_; }
    const std::string& identity() const { return identity_; }
    transport* io = nullptr;  // as long as it can be ended from outside

  private:
    friend class admission;
    void move_to(place next);

    admission& in_;
    std::list<guest*>::iterator me_;
    place place_ = place::none, was_ = place::none;
    steady_point since_{};
    std::string source_, identity_;
};

// Whom a source address stands for: an IPv4 address, or the /64 that one subscriber of IPv6 has.
std::string source_of(const boost::asio::ip::address& from);

}  // namespace ecert::http
