#include "adapters/http/admission.hpp"

#include <boost/asio/ip/network_v6.hpp>

#include <algorithm>
#include <utility>

namespace ecert::http {

using place = guest::place;

admission::admission(admission_terms terms, std::function<void(const guest&)> put_out)
    : terms_{terms}, tell_{std::move(put_out)} {}

std::optional<steady_point> admission::full_until(steady_point now) {
    if (shaking_ >= terms_.handshakes) {
        auto* out = handshake_to_put_out(now - terms_.grace);
        if (!out) return now + terms_.grace / 10;
        put_out(*out);
    }
    // Those who are leaving, or being told that there is no place, are bounded too; they end soon.
    if (guests_.size() >= std::size_t{terms_.connections} + terms_.handshakes)
        return steady_point::max();
    return std::nullopt;
}

void admission::shakes_hands(guest& one, steady_point now) {
    one.since_ = now;
    one.move_to(place::shaking);
}

seat admission::sit(guest& one, std::string identity, steady_point now) {
    const auto held = by_identity_.find(identity);
    if (!identity.empty() && held != by_identity_.end() && held->second >= terms_.per_identity) {
        auto* out = longest_idle(&identity, now - terms_.grace);
        if (!out) return seat::identity_has_its_part;
        put_out(*out);
    }
    if (seated_ >= terms_.connections) {
        auto* out = longest_idle(nullptr, now - terms_.grace);
        if (!out) return seat::all_taken;
        put_out(*out);
    }
    one.move_to(place::none);
    one.identity_ = std::move(identity);
    one.rests(now);
    return seat::given;
}

void admission::count(guest& one, int by) {
    const auto add = [by](counts& in, const std::string& key) {
        if (key.empty()) return;
        const auto at = in.try_emplace(key, 0u).first;
        at->second += static_cast<unsigned>(by);
        if (at->second == 0) in.erase(at);
    };
    if (one.place_ == place::shaking) {
        shaking_ += static_cast<unsigned>(by);
        add(by_source_, one.source_);
    } else if (one.place_ == place::idle || one.place_ == place::busy) {
        seated_ += static_cast<unsigned>(by);
        add(by_identity_, one.identity_);
    }
}

void admission::put_out(guest& one) {
    one.was_ = one.place_;
    one.move_to(place::put_out);
    tell_(one);
    one.end();
}

// Of those that had their time, one of the busiest source, the oldest. While none had: of a source
// that holds more than its part, the last that came, as those before it may be about to end.
guest* admission::handshake_to_put_out(steady_point before) const {
    guest *late = nullptr, *beyond = nullptr;
    unsigned most_late = 0, most = terms_.handshakes_per_source;
    for (auto* one : guests_) {
        if (one->place_ != place::shaking) continue;
        const auto held = by_source_.at(one->source_);
        if (one->since_ <= before && held > most_late) {
            late = one;
            most_late = held;
        }
        if (held > terms_.handshakes_per_source && held >= most) {
            beyond = one;
            most = held;
        }
    }
    return late ? late : beyond;
}

guest* admission::longest_idle(const std::string* identity, steady_point before) const {
    guest* found = nullptr;
    for (auto* one : guests_) {
        if (one->place_ != place::idle || one->since_ > before) continue;
        if (identity && one->identity_ != *identity) continue;
        if (!found || one->since_ < found->since_) found = one;
    }
    return found;
}

guest::guest(admission& at, std::string source) : in_{at}, source_{std::move(source)} {
    me_ = in_.guests_.insert(in_.guests_.end(), this);
}

guest::~guest() {
    move_to(place::none);
    in_.guests_.erase(me_);
}

void guest::move_to(place next) {
    in_.count(*this, -1);
    place_ = next;
    in_.count(*this, +1);
}

void guest::rests(steady_point now) {
    if (place_ == place::put_out) return;
    since_ = now;
    move_to(place::idle);
}

void guest::works() {
    if (place_ != place::put_out) move_to(place::busy);
}

// A handshake is cut off; a session that waits for a request wakes and says goodbye.
void guest::end() const {
    if (!io) return;
    const auto at = place_ == place::put_out ? was_ : place_;
    if (at == place::shaking)
        io->abort();
    else
        io->cancel();
}

std::string source_of(const boost::asio::ip::address& from) {
    if (from.is_v4()) return from.to_string();
    const auto six = from.to_v6();
    if (six.is_v4_mapped())
        return boost::asio::ip::make_address_v4(boost::asio::ip::v4_mapped, six).to_string();
    return boost::asio::ip::network_v6{six, 64}.canonical().to_string();
}

}  // namespace ecert::http
