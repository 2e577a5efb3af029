#include "config/load/checks.hpp"

#include "config/load/units.hpp"

#include <utility>

namespace ecert::load {
namespace {

template <class Named>
std::string names_of(const std::map<std::string, Named>& all) {
    std::string text;
    for (const auto& [name, ignored] : all) text += (text.empty() ? "" : "|") + name;
    return text;
}

void check_listener(const listener_settings& l, const std::string& key, findings& to) {
    if (l.port == 0) return;
    const std::pair<const char*, const std::filesystem::path*> needed[] = {
        {"certificate", &l.certificate}, {"key", &l.key}, {"client_ca", &l.client_ca}};
    for (const auto& [name, path] : needed) {
        if (path->empty()) to.error("CFG-REQUIRED", {std::string{node_file}, key + '.' + name});
    }
}

void check_apart(const listener_settings& one, const std::string& its_key,
                 const listener_settings& other, const std::string& key, findings& to) {
    if (one.port != 0 && one.port == other.port && one.address == other.address)
        to.error("CFG-VALUE", {std::string{node_file}, key + ".port"}, std::to_string(other.port),
                 "!= " + its_key + ".port");
}

// Two keys that contradict each other are told of at the one that a person most likely changed.
void check_order(duration least, duration value, const place& at, findings& to) {
    if (value < least) to.error("CFG-RANGE", at, written(value), ">= " + written(least));
}

bool is_host_and_port(const std::string& text) {
    const auto colon = text.rfind(':');
    if (colon == std::string::npos || colon == 0) return false;
    const std::string port = text.substr(colon + 1);
    if (port.empty() || port.size() > 5 || port.find_first_not_of("0123456789") != port.npos)
        return false;
    const int number = std::stoi(port);
    return number >= 1 && number <= 65535;
}

void check_queue(const queue_settings& q, const std::string& file, findings& to) {
    if (q.kind != "amqp") return;
    if (q.seal_keys.empty()) to.error("CFG-REQUIRED", {file, "queue.seal_keys"});
    const auto at = [&](const std::string& key) { return place{file, "queue.amqp." + key}; };
    if (q.amqp.brokers.empty()) to.error("CFG-REQUIRED", at("brokers"), {}, "host:port");
    for (std::size_t i = 0; i < q.amqp.brokers.size(); ++i)
        if (!is_host_and_port(q.amqp.brokers[i]))
            to.error("CFG-VALUE", at("brokers[" + std::to_string(i + 1) + ']'), q.amqp.brokers[i],
                     "host:port");
    const bool certificate = !q.amqp.tls_certificate.empty();
    if (q.amqp.tls && q.amqp.tls_ca.empty()) to.error("CFG-REQUIRED", at("tls_ca"));
    if (certificate != !q.amqp.tls_key.empty())
        to.error("CFG-REQUIRED", at(certificate ? "tls_key" : "tls_certificate"));
    if (q.amqp.password_file.empty() && !(q.amqp.tls && certificate))
        to.error("CFG-REQUIRED", at("password_file"), {}, "password_file|tls_certificate");
    check_order(q.amqp.reconnect_first, q.amqp.reconnect_longest, at("reconnect_longest"), to);
}

// Who tells a hub of itself says who it is, and proves it.
void check_adapter(const adapter_settings& a, const std::string& file, findings& to) {
    if (a.hub.empty()) return;
    const auto required = [&](bool there, const char* key) {
        if (!there) to.error("CFG-REQUIRED", {file, std::string{"adapter."} + key});
    };
    required(!a.name.empty(), "name");
    required(!a.tls_certificate.empty(), "tls_certificate");
    required(!a.tls_key.empty(), "tls_key");
    required(!a.tls_ca.empty(), "tls_ca");
}

void check_prefixes(const agency_settings& one, const agency_settings& other, findings& to) {
    for (std::size_t i = 0; i < other.number_prefixes.size(); ++i) {
        const std::string& theirs = other.number_prefixes[i];
        for (const std::string& ours : one.number_prefixes) {
            if (!theirs.starts_with(ours) && !ours.starts_with(theirs)) continue;
            to.error("CFG-PREFIX-OVERLAP",
                     {agency_file(other.name), "number_prefixes[" + std::to_string(i + 1) + ']'},
                     theirs, "!= " + ours + " (" + agency_file(one.name) + ')');
        }
    }
}

}  // namespace

std::string agency_file(const std::string& name) { return "agencies/" + name + ".toml"; }
std::string partner_file(const std::string& name) { return "partners/" + name + ".toml"; }
std::string channel_file(const std::string& name) { return "channels/" + name + ".toml"; }
std::string host_file(const std::string& name) { return "adapters/" + name + ".toml"; }

void check_node(const configuration& all, findings& to) {
    const node_settings& node = all.node;
    const std::string file{node_file};
    check_listener(node.agencies, "agencies", to);
    check_listener(node.partners, "partners", to);
    check_listener(node.adapters, "adapters", to);
    check_queue(node.queue, file, to);
    check_adapter(node.adapter, file, to);
    if (!node.default_agency.empty() && !all.agencies.contains(node.default_agency))
        to.error("CFG-NAME-UNKNOWN", {file, "default_agency"}, node.default_agency,
                 names_of(all.agencies));
    if (node.default_agency.empty() && node.partners.port != 0)
        to.error("CFG-REQUIRED", {file, "default_agency"}, {}, names_of(all.agencies));
    const auto least = node.limits.certificate_bytes + node.limits.small_body_budget;
    if (node.limits.body_budget < least)
        to.error("CFG-RANGE", {file, "limits.body_budget"}, written_size(node.limits.body_budget),
                 ">= " + written_size(least) + " (certificate_bytes + small_body_budget)");
    check_apart(node.agencies, "agencies", node.partners, "partners", to);
    check_apart(node.agencies, "agencies", node.adapters, "adapters", to);
    check_apart(node.partners, "partners", node.adapters, "adapters", to);
}

void check_agencies(const configuration& all, findings& to) {
    for (auto one = all.agencies.begin(); one != all.agencies.end(); ++one) {
        if (one->second.signature == "required")
            to.error("CFG-NOT-SUPPORTED", {agency_file(one->first), "signature"}, "required",
                     "none|optional");
        for (auto other = std::next(one); other != all.agencies.end(); ++other)
            check_prefixes(one->second, other->second, to);
    }
}

void check_partners(const configuration& all, findings& to) {
    std::map<std::pair<std::string, std::string>, std::string>
        addresses;  // on a channel, to the partner
    for (const auto& [name, partner] : all.partners) {
        const std::string file = partner_file(name);
        if (partner.channel.empty()) continue;
        if (!all.channels.contains(partner.channel))
            to.error("CFG-NAME-UNKNOWN", {file, "channel"}, partner.channel,
                     names_of(all.channels));
        const auto over = all.channels.find(partner.channel);
        if (partner.offer && over != all.channels.end() && over->second.identity.empty())
            to.error("CFG-REQUIRED", {channel_file(partner.channel), "identity"}, {},
                     "identity: " + name + " fetches what is for it");
        const auto [first, is_new] =
            addresses.try_emplace({partner.channel, partner.address}, name);
        if (!is_new)
            to.error("CFG-ADDRESS-TWICE", {file, "address"}, partner.address,
                     "!= " + partner_file(first->second));
    }
}

void check_channels(const configuration& all, findings& to) {
    for (const auto& [name, channel] : all.channels) {
        const std::string file = channel_file(name);
        if (!channel.signing_key.empty() && !all.keys.contains(channel.signing_key))
            to.error("CFG-NAME-UNKNOWN", {file, "signing_key"}, channel.signing_key,
                     names_of(all.keys));
        if (channel.endpoint.empty() && channel.identity.empty())
            to.error("CFG-REQUIRED", {file, "endpoint"}, {}, "endpoint|identity");
        if (channel.endpoint.starts_with("https:") && channel.tls_ca.empty() &&
            channel.tls_pin.empty())
            to.error("CFG-REQUIRED", {file, "tls_ca"}, {}, "tls_ca|tls_pin");
        if (channel.tls_certificate.empty() != channel.tls_key.empty())
            to.error("CFG-REQUIRED",
                     {file, channel.tls_key.empty() ? "tls_key" : "tls_certificate"});
        check_order(channel.retry.first, channel.retry.longest, {file, "retry.longest"}, to);
        check_order(channel.retry.longest, channel.retry.horizon, {file, "retry.horizon"}, to);
        check_order(channel.circuit.open_for, channel.circuit.longest_open,
                    {file, "circuit.longest_open"}, to);
    }
}

void check_hosts(const configuration& all, findings& to) {
    for (const auto& [name, host] : all.hosts) {
        for (std::size_t i = 0; i < host.partners.size(); ++i)
            if (!all.partners.contains(host.partners[i]))
                to.error("CFG-NAME-UNKNOWN",
                         {host_file(name), "partners[" + std::to_string(i + 1) + ']'},
                         host.partners[i], names_of(all.partners));
    }
}

}  // namespace ecert::load
