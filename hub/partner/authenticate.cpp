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

}  // namespace

boost::system::result<std::string, engine::fault> authenticate(const engine::snapshot& profiles,
                                                               const std::string& channel,
                                                               const queue::envelope& e) {
    const auto over = profiles.channels.find(channel);
    const auto& node =
        over == profiles.channels.end() ? profiles.configuration->node.name : over->second->node;
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

engine::fault fault_of(const failure& f) {
    switch (f.kind) {
        case failure_kind::unavailable:
        case failure_kind::deadline:
            return {false, "Busy", f.text, 30};
        case failure_kind::internal:
            return {false, "Internal", "The node could not do it; nothing was stored", 30};
        case failure_kind::conflict:
            return {true, "Conflict", f.text, {}};
        case failure_kind::too_large:
            return {true, "TooLarge", f.text, {}};
        case failure_kind::forbidden:
            return {true, "Forbidden", f.text, {}};
        default:
            return {true, "Invalid", f.text, {}};
    }
}

}  // namespace ecert::hub
