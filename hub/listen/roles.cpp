#include "hub/listen/roles.hpp"

#include "config/utf8.hpp"

#include <filesystem>

namespace ecert::hub {
namespace {

constexpr std::size_t longest_name = 200;

// Everything that says who somebody is, from the configuration, with the role it gives.
struct declared {
    peer_identity_rule identity;
    role gives;
};
std::vector<declared> declared_in(const configuration& from) {
    std::vector<declared> all;
    for (const auto& [name, agency] : from.agencies)
        for (const auto& i : agency.identity) all.push_back({i, agency_role{name}});
    for (const auto& [name, channel] : from.channels)
        for (const auto& i : channel.identity) all.push_back({i, channel_role{name}});
    for (const auto& [name, host] : from.hosts)
        for (const auto& i : host.identity) all.push_back({i, host_role{name}});
    return all;
}

std::string shown(const peer_identity_rule& r) {
    return r.pin.empty() ? r.subject + " under " + r.ca.string() : r.pin.string();
}

// The pinned certificate at a time it is valid, held against another's rule; or the same subject
// under the same CA.
bool same_peer(const declared& a, const crypto::identity_rule& rule_of_b, const declared& b) {
    if (a.identity.pin.empty())
        return b.identity.pin.empty() && a.identity.subject == b.identity.subject &&
               std::filesystem::weakly_canonical(a.identity.ca) ==
                   std::filesystem::weakly_canonical(b.identity.ca);
    const auto pinned = crypto::certificate::from_pem_file(a.identity.pin);
    if (!pinned || pinned->empty()) return false;
    return rule_of_b.matches(pinned->front(), pinned->front().not_before()).has_value();
}

}  // namespace

std::string called(const role& r) {
    if (const auto* a = std::get_if<agency_role>(&r)) return "agency " + a->agency;
    if (const auto* c = std::get_if<channel_role>(&r)) return "channel " + c->channel;
    if (const auto* h = std::get_if<host_role>(&r)) return "worker host " + h->host;
    return "nobody";
}

std::pair<std::shared_ptr<const roles>, problems> roles::make(const configuration& from) {
    auto made = std::make_shared<roles>();
    problems found;
    std::vector<declared> loaded;
    for (auto& d : declared_in(from)) {
        auto identity = crypto::identity_rule::load(d.identity);
        if (!identity) {
            found.push_back({"ROLE-IDENTITY-UNREADABLE", severity::error, called(d.gives),
                             shown(d.identity), identity.error().text});
            continue;
        }
        made->rules_.push_back({std::move(*identity), d.gives});
        loaded.push_back(std::move(d));
    }
    for (std::size_t a = 0; a < loaded.size(); ++a)
        for (std::size_t b = 0; b < loaded.size(); ++b) {
            if (a == b || called(loaded[a].gives) == called(loaded[b].gives)) continue;
            if (loaded[a].identity.pin.empty() && b < a)
                continue;  // said already, the other way round
            if (same_peer(loaded[a], made->rules_[b].identity, loaded[b]))
                found.push_back({"ROLE-IDENTITY-TWICE", severity::error, called(loaded[a].gives),
                                 shown(loaded[a].identity), "not also " + called(loaded[b].gives)});
        }
    return {std::move(made), std::move(found)};
}

role roles::of(const crypto::certificate& peer, time_point now) const {
    const role* given = nullptr;
    std::string reasons;
    for (const auto& r : rules_) {
        if (const auto fits = r.identity.matches(peer, now); !fits) {
            if (reasons.size() < 500) reasons += "; " + called(r.gives) + ": " + fits.error().text;
            continue;
        }
        if (given != nullptr && called(*given) != called(r.gives))
            return nobody{"one identity, two roles: " + called(*given) + " and " + called(r.gives)};
        given = &r.gives;
    }
    if (given != nullptr) return *given;
    return nobody{valid_utf8(peer.subject(), longest_name) + " issued by " +
                  valid_utf8(peer.issuer(), longest_name) + ", SHA-256 " + peer.digest().hex() +
                  ", is neither an agency nor a channel" + reasons};
}

}  // namespace ecert::hub
