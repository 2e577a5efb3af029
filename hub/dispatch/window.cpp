#include "hub/dispatch/window.hpp"

#include <algorithm>

namespace ecert::hub {
namespace {

struct place {
    claim what;
    unsigned granted = 0;
    unsigned out() const { return what.in_flight + granted; }
    bool wants(unsigned most) const { return granted < what.ready && out() < most; }
};

bool goes_before(const place& a, const place& b) {
    if (a.what.priority != b.what.priority) return a.what.priority > b.what.priority;
    return a.out() < b.out();
}

// In order of name, beginning with the one after `last`: among equals the first in this order is
// next.
void order_by_turn(std::vector<claim>& claims, const std::string& last) {
    std::sort(claims.begin(), claims.end(),
              [](const claim& a, const claim& b) { return a.partner < b.partner; });
    const auto next = std::find_if(claims.begin(), claims.end(),
                                   [&](const claim& c) { return c.partner > last; });
    std::rotate(claims.begin(), next, claims.end());
}

}  // namespace

void window::configure(unsigned size, bool shared) {
    size_ = size;
    shared_ = shared;
}

unsigned window::most_for_one() const { return shared_ ? size_ - size_ / 4 : size_; }

std::vector<grant> window::share(unsigned room, std::vector<claim> claims) {
    order_by_turn(claims, last_);
    std::vector<place> places;
    for (auto& c : claims) places.push_back({std::move(c)});
    const unsigned most = most_for_one();
    for (; room > 0; --room) {
        place* next = nullptr;
        for (auto& p : places)
            if (p.wants(most) && (!next || goes_before(p, *next))) next = &p;
        if (!next) break;
        ++next->granted;
        last_ = next->what.partner;
    }
    std::vector<grant> grants;
    for (const auto& p : places)
        if (p.granted > 0) grants.push_back({p.what.partner, p.granted});
    return grants;
}

}  // namespace ecert::hub
