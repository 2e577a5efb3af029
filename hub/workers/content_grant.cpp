#include "hub/workers/content_grant.hpp"

#include "queue/lease.hpp"

#include <algorithm>

namespace ecert::hub {
namespace {

std::optional<refused_grant> refuse_either(const content_grant& g, const host_settings& host,
                                           time_point now) {
    if (std::ranges::find(host.partners, g.partner) == host.partners.end())
        return refused_grant{
            403, "another-partner",
            "adapters/" + host.name + ".toml on the hub does not let it serve " + g.partner + "."};
    if (now > g.until)
        return refused_grant{403, "token-expired", "The attempt that this token was for is over."};
    return std::nullopt;
}

}  // namespace

std::optional<content_grant> grant_for(const queue::task& what, const dispatch_settings& limits,
                                       std::uint64_t largest) {
    content_grant g{what.partner, what.id, what.attempt, {}, 0, queue::lease_end(what, limits)};
    for (const auto* ref : {&what.content, &what.translation})
        if (*ref && !(*ref)->bytes) g.may_read.push_back((*ref)->digest);
    const bool translates = what.verb == queue::verb::deliver && !what.translation;
    if (translates || what.verb == queue::verb::fetch) g.may_write = largest;
    if (g.may_read.empty() && g.may_write == 0) return std::nullopt;
    return g;
}

std::optional<refused_grant> refuse_read(const content_grant& g, const host_settings& host,
                                         const crypto::sha256& what, time_point now) {
    if (auto no = refuse_either(g, host, now)) return no;
    if (std::ranges::find(g.may_read, what) == g.may_read.end())
        return refused_grant{404, "not-found", "There is no such content for this task."};
    return std::nullopt;
}

std::optional<refused_grant> refuse_write(const content_grant& g, const host_settings& host,
                                          time_point now) {
    if (auto no = refuse_either(g, host, now)) return no;
    if (g.may_write == 0)
        return refused_grant{403, "nothing-to-bring", "This task brings no content."};
    return std::nullopt;
}

bool brought::may_bring(const content_grant& g, const crypto::sha256& what, time_point now) {
    std::erase_if(by_attempt_, [&](const auto& each) { return each.second.until < now; });
    const auto [at, is_new] = by_attempt_.try_emplace({g.task, g.attempt}, one{what, g.until});
    return is_new || at->second.what == what;
}

}  // namespace ecert::hub
