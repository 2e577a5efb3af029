#include "adapters/engine/channels.hpp"

#include "adapters/engine/security.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>

namespace ecert::engine {
namespace {

namespace fs = std::filesystem;

void complain(problems& found, std::string id, const std::string& channel, std::string_view key,
              std::string value, std::string expected) {
    found.push_back({std::move(id), severity::error,
                     fmt::format("channels/{}.toml {}", channel, key), std::move(value),
                     std::move(expected)});
}

// A renewed certificate under its old file name makes a new client; nothing else that changes a
// connection may be missed.
crypto::sha256 client_digest(const channel_settings& of) {
    std::string all = fmt::format("{}\n{}\n", of.endpoint, of.connections);
    for (const auto& file : {of.tls_certificate, of.tls_key, of.tls_ca, of.tls_pin}) {
        std::ifstream in{file, std::ios::binary};
        const std::string bytes{std::istreambuf_iterator<char>{in}, {}};
        all += fmt::format("{}:{}\n", file.string(), crypto::sha256_of(bytes).hex());
    }
    return crypto::sha256_of(all);
}

struct making {
    boost::asio::any_io_executor on;
    const configuration& from;
    pool& work;
    const fs::path& spool_folder;
    const snapshot_ptr& before;
    const snapshot& made;
    problems& found;

    void add_client(channel& to) const {
        const auto& profile = to.profile;
        if (profile.endpoint.empty()) return;
        to.client_of = client_digest(profile);
        if (before) {
            const auto old = before->channels.find(profile.name);
            if (old != before->channels.end() && old->second->client &&
                old->second->client_of == to.client_of) {
                to.client = old->second->client;
                return;
            }
        }
        http::client_settings settings;
        settings.endpoint = profile.endpoint;
        settings.tls = profile;
        settings.connections = profile.connections;
        settings.spool_folder = spool_folder;
        settings.spool_threshold = from.node.limits.spool_threshold;
        auto client = http::make_client(on, std::move(settings), work);
        if (client)
            to.client = std::move(*client);
        else
            complain(found, "CHN-CLIENT", profile.name, "endpoint", profile.endpoint,
                     client.error().text);
    }

    void add_trust(channel& to) const {
        const auto& profile = to.profile;
        for (const auto& file : profile.signing_certificates) {
            auto read = crypto::certificate::from_pem_file(file);
            if (read)
                to.signers.insert(to.signers.end(), read->begin(), read->end());
            else
                complain(found, "CHN-CERTIFICATE", profile.name, "signing_certificates",
                         file.string(), read.error().text);
        }
        for (const auto& rule : profile.identity) {
            auto loaded = crypto::identity_rule::load(rule);
            if (loaded)
                to.identity.push_back(*loaded);
            else
                complain(found, "CHN-CERTIFICATE", profile.name, "identity", rule.subject,
                         loaded.error().text);
        }
        if (!find_security(to.dialect->security)->signs()) return;
        if (!from.keys.contains(profile.signing_key))
            complain(found, "CHN-SIGNING-KEY", profile.name, "signing_key", profile.signing_key,
                     "a key of keys.toml");
        if (profile.signing_certificates.empty())
            complain(found, "CHN-SIGNERS", profile.name, "signing_certificates", "",
                     "the certificates they sign with");
    }

    channel_ptr operator()(const channel_settings& profile) const {
        auto one = std::make_shared<channel>();
        one->node = profile.code.empty() ? from.node.name : profile.code;
        one->profile = profile;
        const auto by = made.dialects.find(profile.dialect);
        if (by == made.dialects.end()) {
            complain(found, "CHN-DIALECT", profile.name, "dialect", profile.dialect,
                     "a dialect that loads");
            return nullptr;
        }
        one->dialect = by->second;
        one->keys = made.keys;
        const bool pulls = profile.pull_every > duration{0};
        for (const auto verb : {queue::verb::list, queue::verb::fetch, queue::verb::confirm})
            if (pulls && !one->dialect->calls_for(verb))
                complain(found, "CHN-PULL", profile.name, "pull_every", profile.dialect,
                         fmt::format("a dialect that calls {}", queue::name_of(verb)));
        add_client(*one);
        add_trust(*one);
        return one;
    }
};

void check_translations(const snapshot& of, problems& found) {
    for (const auto& [name, partner] : of.configuration->partners) {
        const auto over = of.channel_of(name);
        if (!over || partner.translate.empty() ||
            over->dialect->translations.contains(partner.translate))
            continue;
        found.push_back(
            {"CHN-TRANSLATION", severity::error, fmt::format("partners/{}.toml translate", name),
             partner.translate,
             fmt::format("a stylesheet in translate/ of the dialect '{}'", over->dialect->name)});
    }
}

}  // namespace

const partner_settings* snapshot::partner(const std::string& name) const {
    const auto at = configuration->partners.find(name);
    return at == configuration->partners.end() ? nullptr : &at->second;
}

channel_ptr snapshot::channel_of(const std::string& name) const {
    const auto* known = partner(name);
    if (!known) return nullptr;
    const auto at = channels.find(known->channel);
    return at == channels.end() ? nullptr : at->second;
}

made_snapshot make_snapshot(boost::asio::any_io_executor on, configuration_ptr from, pool& work,
                            const fs::path& spool_folder, const snapshot_ptr& before,
                            const clock& by) {
    made_snapshot all;
    auto made = std::make_shared<snapshot>();
    made->configuration = from;
    auto loaded = load_dialects({from->node.dialects, from->folder / "dialects"});
    all.found = std::move(loaded.found);
    made->dialects = std::move(loaded.all);
    auto signer =
        crypto::make_pem_signer(from->keys, work, by, before ? before->keys.get() : nullptr);
    std::ranges::move(signer.found, std::back_inserter(all.found));
    made->keys = std::move(signer.value);
    const making make{on, *from, work, spool_folder, before, *made, all.found};
    for (const auto& [name, profile] : from->channels)
        if (auto channel = make(profile)) made->channels.emplace(name, channel);
    check_translations(*made, all.found);
    if (!has_errors(all.found)) all.value = made;
    return all;
}

snapshot_ptr snapshots::current() const { return current_.current(); }
void snapshots::swap(snapshot_ptr next) { current_.swap(std::move(next)); }

bool knows_repeats(const channel& c) {
    return c.profile.honours_message_id && (!c.dialect || c.dialect->message_id);
}

channel_ptr served_to_agencies(const snapshot& in, const std::string& dialect) {
    const auto named = in.dialects.find(dialect);
    if (named == in.dialects.end() || !named->second->agencies) return nullptr;
    auto made = std::make_shared<channel>();
    made->node = in.configuration->node.name;
    made->profile.name = "agencies";
    made->profile.dialect = dialect;
    made->dialect = named->second;
    made->keys = in.keys;
    return made;
}

}  // namespace ecert::engine
