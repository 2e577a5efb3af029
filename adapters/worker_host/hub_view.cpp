#include "adapters/worker_host/hub_view.hpp"

#include <algorithm>
#include <utility>

namespace ecert::worker {

bool hub_view::changes_to(standing next) { return std::exchange(at_, next) != next; }

std::vector<hub_news> hub_view::take(const result<queue::heartbeat_answer>& said) {
    std::vector<hub_news> news;
    if (!said) {
        const bool refused = said.error().kind == failure_kind::forbidden;
        if (changes_to(refused ? standing::refusing : standing::away))
            news.push_back({log::level::warn, refused ? "hub_refuses" : "hub_out_of_reach",
                            said.error().text});
        return news;
    }
    if (changes_to(standing::reached)) news.push_back({log::level::info, "hub_reached", {}});
    for (const auto& text : said->differs)
        if (std::ranges::find(differs_, text) == differs_.end())
            news.push_back({log::level::warn, "hub_differs", text});
    if (said->differs.empty() && !differs_.empty())
        news.push_back({log::level::info, "hub_agrees", {}});
    differs_ = said->differs;
    return news;
}

}  // namespace ecert::worker
