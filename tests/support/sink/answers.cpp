#include "tests/support/sink/answers.hpp"

#include "config/log.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>

#include <algorithm>

namespace ecert::sink {
namespace {

constexpr unsigned most_tries = 30;
constexpr duration longest_pause = 10s;
constexpr int accepted = 39, rejected = 41;  // UNTDID 4405

const partner_settings* sender_of(const configuration& told, const std::string& code) {
    for (const auto& [name, partner] : told.partners)
        if ((partner.address.empty() ? name : partner.address) == code) return &partner;
    return nullptr;
}

queue::task respond_task(const noted& to, const std::string& node, const partner_settings& sender,
                         bool accepts) {
    queue::uuid theirs;
    if (!queue::parse_uuid(to.message_id, theirs)) theirs = queue::derive({to.message_id});
    const int status = accepts ? accepted : rejected;
    queue::task what;
    what.verb = queue::verb::respond;
    what.message = queue::respond_id(node, theirs, status);
    what.id = queue::task_id(what.message, "respond");
    what.relates_to = theirs;
    what.partner = sender.name;
    what.channel = sender.channel;
    what.envelope = to.envelope;
    what.answer = queue::answer{status, accepts ? "" : "The sink rejects everything.", "en"};
    return what;
}

}  // namespace

std::optional<authority> authority_named(std::string_view name) {
    if (name == "none") return authority::silent;
    if (name == "accept") return authority::accepts;
    if (name == "reject") return authority::rejects;
    return std::nullopt;
}

answers::answers(boost::asio::any_io_executor on, engine::tools with, engine::snapshot_ptr profiles,
                 authority who, const std::filesystem::path& kept)
    : on_{std::move(on)},
      with_{std::move(with)},
      profiles_{std::move(profiles)},
      who_{who},
      kept_{kept} {
    for (auto& line : kept_.lines()) given_.insert(std::move(line));
}

void answers::owe(noted to) {
    if (who_ == authority::silent || given_.contains(to.message_id)) return;
    if (!owed_.insert(to.message_id).second) return;
    boost::asio::co_spawn(on_, answer(std::move(to)), boost::asio::detached);
}

awaitable<void> answers::answer(noted to) {
    const auto* sender = sender_of(*profiles_->configuration, to.envelope.from);
    const auto over = sender ? profiles_->channel_of(sender->name) : nullptr;
    bool taken = false;
    if (over && over->client) {
        boost::asio::steady_timer pause{on_};
        duration wait = 200ms;
        for (unsigned attempt = 1; attempt <= most_tries && !taken; ++attempt) {
            taken = co_await call_back(to, *sender, over, attempt);
            if (taken) break;
            pause.expires_after(wait);
            co_await pause.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
            wait = std::min(wait * 2, longest_pause);
        }
    }
    if (taken) {
        const auto keep = [this, line = to.message_id + "\n"] { kept_.append(line); };
        co_await on_pool(with_.work, keep);
        given_.insert(to.message_id);
    } else {
        log::write(log::level::error, "sink_answer_not_taken",
                   {{"message_id", to.message_id}, {"from", to.envelope.from}});
    }
    owed_.erase(to.message_id);
}

awaitable<bool> answers::call_back(const noted& to, const partner_settings& sender,
                                   engine::channel_ptr over, std::uint32_t attempt) {
    auto task = respond_task(to, over->node, sender, who_ == authority::accepts);
    task.attempt = attempt;
    const auto outcome =
        co_await engine::call(with_, over, sender, std::move(task), nullptr, nullptr, nullptr);
    log::write(log::level::info, "sink_answered",
               {{"message_id", to.message_id},
                {"outcome", queue::name_of(outcome.what)},
                {"text", outcome.text}});
    co_return outcome.what == queue::outcome_class::done ||
        outcome.what == queue::outcome_class::duplicate;
}

}  // namespace ecert::sink
