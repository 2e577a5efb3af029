#include "hub/dispatch/flights.hpp"

namespace ecert::hub {
namespace {

unsigned count_in(const std::map<std::string, unsigned>& counts, const std::string& name) {
    const auto found = counts.find(name);
    return found == counts.end() ? 0 : found->second;
}

}  // namespace

void flights::depart(flight f) {
    if (const auto earlier = out_.find(f.work); earlier != out_.end()) {
        const flight gone = earlier->second;
        out_.erase(earlier);
        forget(gone);
    }
    ends_.insert({f.lease_end, f.work});
    ++by_channel_[f.channel];
    ++by_partner_[f.partner];
    if (f.suspect) ++suspects_;
    const auto work = f.work;
    out_.emplace(work, std::move(f));
}

std::optional<flight> flights::land(std::int64_t work, std::uint32_t attempt) {
    const auto found = out_.find(work);
    if (found == out_.end() || found->second.attempt != attempt) return std::nullopt;
    flight landed = std::move(found->second);
    out_.erase(found);
    forget(landed);
    return landed;
}

std::vector<flight> flights::lost(time_point now) {
    std::vector<flight> all;
    while (!ends_.empty() && ends_.begin()->first <= now) {
        const auto found = out_.find(ends_.begin()->second);
        all.push_back(std::move(found->second));
        out_.erase(found);
        forget(all.back());
    }
    return all;
}

std::optional<time_point> flights::next_end() const {
    if (ends_.empty()) return std::nullopt;
    return ends_.begin()->first;
}

void flights::suspect(std::int64_t work, std::uint32_t attempt, bool is) {
    const auto found = out_.find(work);
    if (found == out_.end() || found->second.attempt != attempt) return;
    if (found->second.suspect == is) return;
    found->second.suspect = is;
    if (is)
        ++suspects_;
    else
        suspect_is_back();
}

void flights::bring_forward(duration by) {
    ends_.clear();
    for (auto& [work, f] : out_) {
        f.lease_end -= by;
        ends_.insert({f.lease_end, work});
    }
}

unsigned flights::on(const std::string& channel) const { return count_in(by_channel_, channel); }

unsigned flights::of(const std::string& partner) const { return count_in(by_partner_, partner); }

void flights::suspect_is_back() {
    --suspects_;
    ++suspects_back_;
}

void flights::forget(const flight& f) {
    ends_.erase({f.lease_end, f.work});
    if (--by_channel_[f.channel] == 0) by_channel_.erase(f.channel);
    if (--by_partner_[f.partner] == 0) by_partner_.erase(f.partner);
    if (f.suspect) suspect_is_back();
}

}  // namespace ecert::hub
