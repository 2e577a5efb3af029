#include "adapters/http/refusals.hpp"

#include "adapters/http/log_events.hpp"

#include <boost/asio/steady_timer.hpp>

#include <map>
#include <utility>

namespace ecert::http {
namespace {

constexpr std::size_t told_apart = 16;  // sources in one window
constexpr auto all_others = "others";

}  // namespace

struct refusals::state : std::enable_shared_from_this<refusals::state> {
    using key = std::pair<reason, std::string>;
    struct untold {
        unsigned count = 0;
        std::string why;  // the last one
    };

    state(const boost::asio::any_io_executor& on, std::string name, metrics* to, duration every)
        : listener{std::move(name)}, figures{to}, window{every}, timer{on} {}

    void tell(reason why, const std::string& source, std::string_view details) {
        if (figures) figures->door_refusal(listener, std::string{name_of(why)});
        const bool room = seen.size() < told_apart;
        auto at = seen.find({why, source});
        const bool first = at == seen.end() && room;
        if (at == seen.end()) at = seen.try_emplace({why, room ? source : all_others}).first;
        if (first)
            turned_away(listener, name_of(why), source, details, 1);
        else
            at->second = {at->second.count + 1, std::string{details}};
        if (!waits) wait();
    }

    void wait() {
        waits = true;
        timer.expires_after(window);
        timer.async_wait([self = weak_from_this()](boost::system::error_code ended) {
            const auto us = self.lock();
            if (ended || !us) return;
            us->waits = false;
            us->flush();
            if (!us->seen.empty()) us->wait();
        });
    }

    // Who was quiet for a whole window is told at once the next time.
    void flush() {
        for (auto one = seen.begin(); one != seen.end();) {
            auto& [count, why] = one->second;
            if (count == 0) {
                one = seen.erase(one);
                continue;
            }
            turned_away(listener, name_of(one->first.first), one->first.second, why, count);
            count = 0;
            ++one;
        }
    }

    std::string listener;
    metrics* figures;
    duration window;
    boost::asio::steady_timer timer;
    bool waits = false;
    std::map<key, untold> seen;
};

refusals::refusals(boost::asio::any_io_executor on, std::string listener, metrics* figures,
                   duration window)
    : state_{std::make_shared<state>(std::move(on), std::move(listener), figures, window)} {}

refusals::~refusals() { flush(); }

void refusals::tell(reason why, const std::string& source, std::string_view details) {
    state_->tell(why, source, details);
}

void refusals::flush() {
    state_->flush();
    state_->seen.clear();
    state_->waits = false;
    state_->timer.cancel();
}

std::string_view name_of(reason why) {
    switch (why) {
        case reason::handshake_failed:
            return "handshake-failed";
        case reason::handshake_too_slow:
            return "handshake-too-slow";
        case reason::handshake_made_room:
            return "handshake-made-room";
        case reason::identity_has_its_part:
            return "identity-has-its-part";
        case reason::all_connections_taken:
            return "all-connections-taken";
        case reason::idle_made_room:
            return "idle-made-room";
        case reason::no_room_for_body:
            break;
    }
    return "no-room-for-body";
}

}  // namespace ecert::http
