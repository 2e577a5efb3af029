#include "hub/workers/registry.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

namespace ecert::hub {
namespace {

constexpr std::size_t most_troubles = 100;  // of one heartbeat

std::string key_of(const host_trouble& t) {
    return fmt::format("{}\n{}\n{}", t.kind, t.host, t.partner);
}

// What is wrong with one partner a host says it serves; an empty text: nothing.
host_trouble look_at(const queue::served_partner& served, const std::string& host,
                     const std::vector<std::string>& may_serve, const planned_profiles& planned) {
    const auto say = [&](const char* kind, std::string text) {
        return host_trouble{kind, host, served.partner, std::move(text)};
    };
    if (std::ranges::find(may_serve, served.partner) == may_serve.end())
        return say("not-its-partner",
                   fmt::format("{} serves {}, which its file on the hub does not allow", host,
                               served.partner));
    const auto at = planned.find(served.partner);
    if (at == planned.end())
        return say("other-profile",
                   fmt::format("{} serves {}, which the hub does not know", host, served.partner));
    const auto& ours = at->second;
    if (served.channel != ours.channel)
        return say("other-profile", fmt::format("{} reaches {} by channel {}, the hub by {}", host,
                                                served.partner, served.channel, ours.channel));
    if (served.dialect != ours.dialect || served.profile != ours.profile)
        return say("other-profile",
                   fmt::format("{} has another {} of {} than the hub plans with: its tasks come "
                               "back until the files are the same on both",
                               host, served.dialect != ours.dialect ? "dialect" : "profile",
                               served.partner));
    return {};
}

}  // namespace

registry::registry(std::string version, steady_point started, registry_limits limits)
    : version_{std::move(version)}, started_{started}, limits_{limits} {}

queue::heartbeat_answer registry::take(const queue::heartbeat& from,
                                       const std::vector<std::string>& may_serve,
                                       const planned_profiles& planned, moment_of_hosts now) {
    host next{from, now.wall, now.steady, from.now - now.wall, {}, {}};
    const auto say = [&](const char* kind, const std::string& about, std::string text) {
        if (next.troubles.size() < most_troubles)
            next.troubles.push_back({kind, from.adapter, about, std::move(text)});
    };
    if (std::chrono::abs(next.skew) > limits_.skew)
        say("clock-skew", {},
            fmt::format(
                "the clock of {} is {} s {} the hub's: partners will call its messages "
                "expired; set it by NTP",
                from.adapter,
                std::chrono::round<std::chrono::seconds>(std::chrono::abs(next.skew)).count(),
                next.skew < duration{0} ? "behind" : "ahead of"));
    if (from.version != version_)
        say("other-version", {},
            fmt::format("{} runs version {}, the hub {}", from.adapter, from.version, version_));
    if (!from.queue_trouble.empty())
        say("queue", {}, fmt::format("{} and the queue: {}", from.adapter, from.queue_trouble));
    for (const auto& k : from.keys)
        if (k.not_after < now.wall + limits_.key_notice)
            say("key-ends", k.id,
                fmt::format("the certificate of key {} on {} ends at {}", k.id, from.adapter,
                            rfc3339(k.not_after)));
    for (const auto& served : from.partners) {
        auto trouble = look_at(served, from.adapter, may_serve, planned);
        if (trouble.kind.empty())
            next.fit.insert(served.partner);
        else
            say(trouble.kind.c_str(), trouble.partner, std::move(trouble.text));
    }
    queue::heartbeat_answer answer{now.wall, {}};
    for (const auto& t : next.troubles) answer.differs.push_back(t.text);
    hosts_.insert_or_assign(from.adapter, std::move(next));
    return answer;
}

bool registry::silent(const host& of, steady_point now) const {
    return !of.last.stopping && now - of.heard > limits_.silence;
}

bool registry::settled(steady_point now) const { return now - started_ > limits_.silence; }

host_trouble registry::silence_of(const host& of) const {
    return {"silent",
            of.last.adapter,
            {},
            fmt::format("{} has said nothing since {}", of.last.adapter, rfc3339(of.heard_wall))};
}

bool registry::serves(const std::string& partner, steady_point now) const {
    return std::ranges::any_of(hosts_, [&](const auto& each) {
        const auto& host = each.second;
        return !host.last.stopping && !silent(host, now) && host.fit.contains(partner);
    });
}

bool registry::nobody_serves(const std::string& partner, steady_point now) const {
    return settled(now) && !serves(partner, now);
}

std::vector<host_trouble> registry::to_tell(const std::vector<std::string>& waiting,
                                            moment_of_hosts now) {
    std::vector<host_trouble> present;
    for (const auto& [name, host] : hosts_) {
        if (host.last.stopping) continue;
        if (silent(host, now.steady))
            present.push_back(silence_of(host));
        else
            present.insert(present.end(), host.troubles.begin(), host.troubles.end());
    }
    unserved_.clear();
    for (const auto& partner : waiting) {
        if (!nobody_serves(partner, now.steady)) continue;
        unserved_.push_back(partner);
        present.push_back({"partner-unserved",
                           {},
                           partner,
                           fmt::format("no worker serves {}: what is for it waits; start an "
                                       "adapter for it",
                                       partner)});
    }
    std::map<std::string, steady_point> lasting;
    std::vector<host_trouble> news;
    for (auto& trouble : present) {
        const auto key = key_of(trouble);
        const auto at = told_.find(key);
        const bool new_or_old = at == told_.end() || now.steady - at->second >= limits_.again;
        lasting[key] = new_or_old ? now.steady : at->second;
        if (new_or_old) news.push_back(std::move(trouble));
    }
    told_ = std::move(lasting);
    return news;
}

std::vector<host_row> registry::rows(steady_point now) const {
    std::vector<host_row> all;
    for (const auto& [name, host] : hosts_) {
        host_row row{host.last,          host.heard_wall, silent(host, now),
                     host.last.stopping, host.skew,       host.troubles};
        if (row.silent) row.troubles = {silence_of(host)};
        all.push_back(std::move(row));
    }
    return all;
}

}  // namespace ecert::hub
