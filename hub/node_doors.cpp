#include "config/log.hpp"
#include "hub/node_parts.hpp"
#include "hub/partner/agency_door.hpp"
#include "hub/partner/door_steps.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <iterator>

namespace ecert::hub {
namespace {

constexpr rlim_t for_the_rest = 1024;  // ledger, content, spool, connections to partners

// Doors that are full must leave descriptors for everything else.
void allow_descriptors(const node_settings& n) {
    rlim_t needed = for_the_rest;
    for (const auto* l : {&n.agencies, &n.partners, &n.adapters})
        if (l->port != 0) needed += l->connections + l->handshakes;
    rlimit now{};
    if (::getrlimit(RLIMIT_NOFILE, &now) != 0 || now.rlim_cur >= needed) return;
    now.rlim_cur = std::min(needed, now.rlim_max);
    ::setrlimit(RLIMIT_NOFILE, &now);
    if (now.rlim_cur < needed)
        log::write(log::level::warn, "descriptors_limited",
                   {{"allowed", static_cast<std::int64_t>(now.rlim_cur)},
                    {"needed", static_cast<std::int64_t>(needed)}});
}

}  // namespace

agency_api node::parts::agency_parts() {
    return {*truth,
            profiles,
            [this] { return who.current(); },
            machine_clock(),
            work,
            figures,
            told().limits,
            spool_folder(),
            [this] { return signs.disk_low(); },
            [this] { dispatching->wake(); },
            options.reached,
            serve_agency_soap};
}

partner_door node::parts::partner_parts() {
    return {*truth,
            profiles,
            [this] { return who.current(); },
            tools(),
            figures,
            [this] { return signs.disk_low(); },
            [this] { dispatching->wake(); },
            options.reached};
}

worker_door node::parts::worker_parts() {
    return {*truth,
            profiles,
            [this] { return who.current(); },
            machine_clock(),
            figures,
            hosts,
            work,
            tokens,
            hosts_serve()};
}

problems node::parts::listen_one(const std::string& name, http::listener at, http::handler handler,
                                 http::wording words) {
    http::server_settings how{name, std::move(at), told().limits, spool_folder()};
    how.figures = &figures;
    how.words = std::move(words);
    auto made = http::serve(loop.get_executor(), std::move(how), std::move(handler), work, bodies);
    if (!made) return {cannot_start(name, made.error())};
    log::write(log::level::info, "listening",
               {{"listener", std::string_view{name}}, {"port", std::int64_t{(*made)->port()}}});
    servers[name] = std::move(*made);
    return {};
}

std::vector<std::string> node::parts::not_ready() const {
    std::vector<std::string> reasons;
    if (stopping) reasons.emplace_back("stopping");
    if (signs.disk_low()) reasons.emplace_back("disk below its reserve: nothing new is taken in");
    return reasons;
}

std::vector<std::string> node::parts::waits() const {
    auto all = dispatching->waits();
    for (const auto& partner : hosts.unserved())
        all.push_back("work for " + partner + " waits: no worker serves " + partner);
    return all;
}

operator_api node::parts::operator_parts(std::function<problems()> reload) {
    return {*truth,
            *dispatching,
            profiles,
            machine_clock(),
            figures,
            std::move(reload),
            hosts,
            *queue,
            [this] { return waits(); },
            hosts_serve() && told().adapters.port != 0};
}

problems node::parts::listen(std::function<problems()> reload) {
    problems all;
    const auto add = [&](problems found) { std::ranges::move(found, std::back_inserter(all)); };
    const auto& n = told();
    allow_descriptors(n);
    const auto in_soap = [this](const http::request_head& head, int status, std::string_view why) {
        return worded_as_fault(tools(), profiles.current(), head, status, why);
    };
    if (n.agencies.port != 0)
        add(listen_one("agencies", n.agencies, make_agency_handler(agency_parts()), in_soap));
    if (n.partners.port != 0)
        add(listen_one("partners", n.partners, make_partner_handler(partner_parts()), in_soap));
    if (n.adapters.port != 0)
        add(listen_one("adapters", n.adapters, make_worker_handler(worker_parts())));
    if (!n.operators_socket.empty())
        add(listen_one("operators", http::unix_listener{n.operators_socket},
                       make_operator_handler(operator_parts(std::move(reload)))));
    if (n.health_port != 0)
        add(listen_one("health", http::plain_listener{n.health_port},
                       make_health_handler(
                           {figures, [this] { return not_ready(); }, [this] { return waits(); }})));
    return all;
}

// New handshakes show, and demand, the certificates the files hold now. What cannot be read leaves
// the old ones serving.
problems node::parts::renew_tls(const node_settings& now) {
    problems all;
    const auto renew = [&](const std::string& name, const listener_settings& with) {
        const auto at = servers.find(name);
        if (at == servers.end() || with.port == 0) return;
        if (const auto done = at->second->reload_tls(with); !done)
            all.push_back(cannot_start(name, done.error()));
    };
    try {
        renew("agencies", now.agencies);
        renew("partners", now.partners);
        renew("adapters", now.adapters);
    } catch (const std::exception& e) {
        all.push_back(cannot_start("TLS", {failure_kind::internal, e.what()}));
    }
    return all;
}

awaitable<void> node::parts::close_door(std::string name, duration within) {
    const auto at = servers.find(name);
    if (at != servers.end()) co_await at->second->stop(within);
}

}  // namespace ecert::hub
