#include "adapters/worker_host/heartbeats.hpp"

#include "queue/wire/codec.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>

namespace ecert::worker {
namespace {

constexpr std::uint64_t longest_answer = mib;

void hold(std::vector<queue::held_key>& all, std::string id, const std::filesystem::path& file) {
    if (file.empty()) return;
    const auto read = crypto::certificate::from_pem_file(file);
    if (read && !read->empty()) all.push_back({std::move(id), read->front().not_after()});
}

void tell(const std::vector<hub_news>& all) {
    for (const auto& n : all) log::write(n.level, n.event, {{"text", std::string_view{n.text}}});
}

}  // namespace

std::vector<queue::served_partner> served_by(const engine::snapshot& now_in_force,
                                             const std::vector<std::string>& partners) {
    std::vector<queue::served_partner> all;
    for (const auto& name : partners) {
        const auto* partner = now_in_force.partner(name);
        const auto channel = now_in_force.channel_of(name);
        if (partner && channel && channel->dialect)
            all.push_back({name, channel->profile.name, channel->dialect->digest,
                           engine::profile_digest(channel->profile, *partner)});
    }
    return all;
}

std::vector<queue::held_key> keys_held(const engine::snapshot& now_in_force) {
    std::vector<queue::held_key> all;
    const auto& told = *now_in_force.configuration;
    for (const auto& [id, key] : told.keys) {
        const auto shown = now_in_force.keys ? now_in_force.keys->certificate(id) : std::string{};
        const auto read = crypto::certificate::from_der(shown);
        if (read) all.push_back({id, read->not_after()});
    }
    hold(all, "[adapter] tls_certificate", told.node.adapter.tls_certificate);
    hold(all, "[queue.amqp] tls_certificate", told.node.queue.amqp.tls_certificate);
    for (const auto& [name, channel] : told.channels)
        hold(all, "channels/" + name + ".toml tls_certificate", channel.tls_certificate);
    return all;
}

awaitable<result<queue::heartbeat_answer>> heartbeats::beat(queue::heartbeat says,
                                                            duration within) {
    http::call call;
    call.target = "/internal/heartbeat";
    call.fields.set("Content-Type", "application/json");
    auto body = queue::encode(says);
    call.size = body.size();
    call.body.emplace_back(std::move(body));
    call.reply_limit = longest_answer;
    call.connect_timeout = call.reply_timeout = call.total = within;
    const auto said = co_await to_.send(std::move(call));
    if (said.stage != http::stage::replied)
        co_return failure{failure_kind::unavailable, reason_of(said)};
    if (said.status != 200 || !said.body)
        co_return failure{said.status >= 500 ? failure_kind::unavailable : failure_kind::forbidden,
                          reason_of(said)};
    co_return queue::decode_heartbeat_answer(crypto::read_all(*said.body, longest_answer));
}

awaitable<void> heartbeats::run() {
    while (!stopped_) {
        if (to_.known()) tell(view_.take(co_await beat(now_(), every_)));
        if (stopped_) co_return;
        timer_.expires_after(every_);
        co_await timer_.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
    }
}

void heartbeats::at_once() { timer_.cancel(); }

void heartbeats::stop() {
    stopped_ = true;
    timer_.cancel();
}

awaitable<void> heartbeats::say_goodbye(duration within) {
    if (!to_.known()) co_return;
    auto last = now_();
    last.stopping = true;
    co_await beat(std::move(last), within);
}

}  // namespace ecert::worker
