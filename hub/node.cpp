#include "hub/node.hpp"

#include "config/load/load.hpp"
#include "config/log.hpp"
#include "hub/ledger/sqlite/open.hpp"
#include "hub/node_parts.hpp"
#include "hub/partner/receive.hpp"
#include "queue/amqp/amqp.hpp"
#include "queue/embedded/embedded.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/post.hpp>

#include <algorithm>
#include <iterator>
#include <random>

namespace ecert::hub {
namespace asio = boost::asio;
namespace {

std::function<double()> even_jitter() {
    return [engine = std::mt19937_64{std::random_device{}()}]() mutable {
        return std::uniform_real_distribution<double>(-1, 1)(engine);
    };
}

void log_problems(const problems& all) {
    for (const auto& p : all)
        log::write(p.level == severity::error ? log::level::error : log::level::warn,
                   "configuration_problem",
                   {{"id", std::string_view{p.id}},
                    {"where", std::string_view{p.where}},
                    {"text", problem_text(p.id, language::en)},
                    {"value", std::string_view{p.value}},
                    {"expected", std::string_view{p.expected}}});
}

void log_renewed_keys(const engine::snapshot& before, const engine::snapshot& now) {
    for (const auto& [id, key] : now.configuration->keys) {
        const auto had = before.keys->certificate(id), has = now.keys->certificate(id);
        if (had.empty() || had == has) continue;
        const auto with = crypto::certificate::from_der(has).value();
        log::write(log::level::info, "signing_key_renewed",
                   {{"key", std::string_view{id}},
                    {"subject", std::string_view{with.subject()}},
                    {"sha256", std::string_view{with.digest().hex()}},
                    {"until", std::string_view{rfc3339(with.not_after())}}});
    }
}

std::vector<std::string> names_of(const std::map<std::string, partner_settings>& partners) {
    std::vector<std::string> names;
    for (const auto& [name, partner] : partners) names.push_back(name);
    return names;
}

}  // namespace

problem cannot_start(const std::string& what, const failure& why) {
    return {"CFG-CANNOT-START", severity::error, what, why.text, ""};
}

problems node::parts::open_ledger() {
    std::error_code failed;
    std::filesystem::create_directories(spool_folder(), failed);
    sqlite_settings settings;
    settings.folder = told().data;
    settings.node = told().name;
    settings.figures = &figures;
    settings.leases_outlive_us = told().queue.kind == "amqp";
    settings.reached = options.reached;
    auto opened = open_sqlite_ledger(std::move(settings), machine_clock());
    if (!opened) return {cannot_start(told().data.string(), opened.error())};
    truth = std::move(*opened);
    return {};
}

problems node::parts::take_profiles(configuration_ptr next) {
    auto before = profiles.current();
    auto made = engine::make_snapshot(loop.get_executor(), next, work, spool_folder(), before);
    auto [identities, found] = roles::make(*next);
    problems all = std::move(made.found);
    std::ranges::move(found, std::back_inserter(all));
    if (has_errors(all) || !made.value || !identities) return all;
    profiles.swap(made.value);
    if (before) log_renewed_keys(*before, *made.value);
    who.swap(identities);
    asio::post(loop,
               [before = std::move(before)] {});  // its clients are the loop's: they end there
    return all;
}

// Whatever is wrong with the files is said, never thrown: the process goes on with the old ones.
std::pair<configuration_ptr, problems> node::parts::read_anew() {
    try {
        auto loaded = load_configuration(options.configuration);
        auto all = std::move(loaded.found);
        seals_ptr seals;
        if (!has_errors(all))
            std::ranges::move(read_seal_keys(*loaded.value, seals), std::back_inserter(all));
        if (!has_errors(all))
            std::ranges::move(take_profiles(loaded.value), std::back_inserter(all));
        if (!has_errors(all) && seals) codec.renew(std::move(seals));
        return {loaded.value, std::move(all)};
    } catch (const std::exception& e) {
        const failure why{failure_kind::internal, e.what()};
        return {nullptr, {cannot_start(options.configuration.string(), why)}};
    }
}

// Null where no broker is between.
problems node::parts::read_seal_keys(const ecert::configuration& from, seals_ptr& into) {
    if (told().queue.kind != "amqp") return {};
    auto read = crypto::seal_keys::read(from.node.queue.seal_keys);
    if (!read) return {cannot_start("queue.seal_keys", read.error())};
    into = std::make_shared<const crypto::seal_keys>(std::move(read).value());
    return {};
}

problems node::parts::read_token_key() {
    if (told().queue.kind != "amqp") return {};
    auto kept = task_tokens::kept_in(told().data);
    if (!kept) return {cannot_start("tokens of tasks", kept.error())};
    tokens = std::make_shared<const task_tokens>(std::move(kept).value());
    return {};
}

std::string node::parts::token_for(const queue::task& t) const {
    const auto* to = profiles.current()->partner(t.partner);
    const bool brings = t.verb == queue::verb::fetch || (to && !to->translate.empty());
    const auto grant = grant_for(t, told().dispatch, brings ? told().limits.certificate_bytes : 0);
    return grant ? tokens->make(*grant) : std::string{};
}

// Before there is work: a worker host finds what it is to consume.
void node::parts::declare_queues(const ecert::configuration& of) {
    for (const auto& [name, partner] : of.partners) queue->declare(queue::work_queue(name));
}

void node::parts::assemble() {
    if (told().queue.kind == "amqp")
        queue = queue::make_amqp(loop.get_executor(), told().queue.amqp, told().name + " hub",
                                 options.reached);
    else
        queue = queue::make_embedded(loop.get_executor());
    content = std::make_unique<embedded_content>(*truth);
    dispatch_parts with{*truth,          *queue,          profiles,
                        machine_clock(), figures,         told().dispatch,
                        even_jitter(),   options.reached, codec};
    with.receive = [this](queue::outcome o) {
        return receive_fetched({*truth, profiles, tools()}, std::move(o));
    };
    with.received = [this](const fetched_arrival& what, const applied& done) {
        tell_of_fetched(figures, what, done);
    };
    if (tokens) with.token = [this](const queue::task& t) { return token_for(t); };
    dispatching = make_dispatch(loop.get_executor(), std::move(with));
    declare_queues(*configuration);
    if (!options.workers) return;
    worker::worker_settings settings{told().workers, told().dispatch, options.reached};
    settings.codec = codec;
    if (told().queue.kind == "embedded")
        settings.alone = [this](std::int64_t row, std::uint32_t attempt, bool is) {
            return dispatching->alone(row, attempt, is);
        };
    working = worker::make_workers(loop.get_executor(), *queue, profiles, *content, tools(),
                                   std::move(settings));
    working->serve(names_of(configuration->partners));
}

problems node::parts::start(std::function<problems()> reload) {
    auto all = take_profiles(configuration);
    if (has_errors(all)) return all;
    seals_ptr seals;
    std::ranges::move(read_seal_keys(*configuration, seals), std::back_inserter(all));
    if (has_errors(all)) return all;
    if (seals) codec = queue::message_codec{std::move(seals)};
    std::ranges::move(open_ledger(), std::back_inserter(all));
    if (has_errors(all)) return all;
    std::ranges::move(read_token_key(), std::back_inserter(all));
    if (has_errors(all)) return all;
    assemble();
    std::ranges::move(listen(std::move(reload)), std::back_inserter(all));
    if (has_errors(all)) return all;
    signs.start(*truth, bodies);
    asio::co_spawn(loop, dispatching->run(), asio::detached);
    if (told().adapters.port != 0)
        asio::co_spawn(loop, watch_hosts(worker_parts(), [this] { return stopping.load(); }),
                       asio::detached);
    return all;
}

node::node(asio::io_context& loop, node_options options, configuration_ptr from)
    : parts_{std::make_unique<parts>(loop, std::move(options), std::move(from))} {}

node::~node() { const std::scoped_lock none_under_way(parts_->reloading); }

problems node::start() {
    return parts_->start([this] { return reload(); });
}

problems node::reload() {
    const std::scoped_lock one_at_a_time(parts_->reloading);
    if (parts_->stopping)
        return {cannot_start("reload", {failure_kind::unavailable, "the node is stopping"})};
    auto [next, all] = parts_->read_anew();
    log_problems(all);
    log::write(has_errors(all) ? log::level::error : log::level::info,
               has_errors(all) ? "reload_refused" : "reloaded",
               {{"problems", static_cast<std::int64_t>(all.size())}});
    if (has_errors(all)) return all;
    asio::post(parts_->loop, [this, now = next] {
        if (parts_->stopping) return;
        log_problems(parts_->renew_tls(now->node));
        parts_->declare_queues(*now);
        if (parts_->working) parts_->working->serve(names_of(now->partners));
        parts_->dispatching->wake();
    });
    return all;
}

awaitable<void> node::stop() {
    using namespace asio::experimental::awaitable_operators;
    auto& p = *parts_;
    p.stopping = true;
    const auto drain = p.told().dispatch.drain;
    const auto until = machine_clock().steady() + drain;
    const auto at_most = [&](duration share) {
        const auto left = std::chrono::floor<duration>(until - machine_clock().steady());
        return std::clamp(left, duration{0}, share);
    };
    co_await (p.close_door("agencies", drain / 4) && p.close_door("partners", drain / 4));
    co_await p.dispatching->stop(at_most(drain / 2));
    if (p.working) co_await p.working->stop(at_most(drain / 8));
    p.signs.stop();
    for (auto& [name, server] : p.servers) co_await server->stop(duration{200});
    co_await p.queue->drain(at_most(drain / 8));
    p.queue->close();
    co_await p.truth->close();
}

}  // namespace ecert::hub
