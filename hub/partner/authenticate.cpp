#include "hub/partner/request.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace ecert::hub {
namespace {

const std::string& address_of(const partner_settings& p) {
    return p.address.empty() ? p.name : p.address;
}

std::vector<const partner_settings*> partners_on(const engine::snapshot& profiles,
                                                 const std::string& channel) {
    std::vector<const partner_settings*> found;
    for (const auto& [name, partner] : profiles.configuration->partners)
        if (partner.channel == channel) found.push_back(&partner);
    return found;
}

const std::string& our_code(const engine::snapshot& profiles, const std::string& channel) {
    const auto over = profiles.channels.find(channel);
    return over == profiles.channels.end() ? profiles.configuration->node.name : over->second->node;
}

}  // namespace

boost::system::result<std::string, engine::fault> authenticate(const engine::snapshot& profiles,
                                                               const std::string& channel,
                                                               const queue::envelope& e) {
    const auto& node = our_code(profiles, channel);
    if (e.to != node)
        return engine::fault{true,
                             "Forbidden",
                             fmt::format("This node speaks for {}: To must be {}", node, node),
                             {}};
    const auto partners = partners_on(profiles, channel);
    const auto named =
        std::ranges::find_if(partners, [&](const auto* p) { return address_of(*p) == e.from; });
    if (named != partners.end()) return (*named)->name;
    if (partners.size() == 1)
        return engine::fault{true,
                             "Forbidden",
                             fmt::format("Your client certificate is {}'s: From must be {}",
                                         partners.front()->name, address_of(*partners.front())),
                             {}};
    return engine::fault{
        true, "Forbidden", "From is not a country that your client certificate speaks for", {}};
}

boost::system::result<std::string, engine::fault> authenticate_receiver(
    const engine::snapshot& profiles, const std::string& channel, const queue::envelope& e) {
    const auto& node = our_code(profiles, channel);
    const auto partners = partners_on(profiles, channel);
    const auto named =
        std::ranges::find_if(partners, [&](const auto* p) { return address_of(*p) == e.to; });
    if (e.from == node && named != partners.end()) return (*named)->name;
    return engine::fault{true,
                         "Forbidden",
                         fmt::format("The header must be of an envelope of ours: From {}, To a "
                                     "country that your client certificate speaks for",
                                     node),
                         {}};
}

std::vector<std::string> partners_of(const engine::snapshot& profiles, const std::string& channel) {
    std::vector<std::string> names;
    for (const auto* partner : partners_on(profiles, channel)) names.push_back(partner->name);
    return names;
}

}  // namespace ecert::hub
