// How it travels. Codes of modes are asked for their form alone: ePhyto's do not reliably follow
// Recommendation 19.
#include "adapters/sps/codes/codes.hpp"
#include "adapters/sps/rules/rule.hpp"

#include <algorithm>

namespace ecert::sps::rules {

findings transport_missing(const subject& s) {
    if (child(s.consignment, "MainCarriageSPSTransportMovement")) return {};
    return {
        {below(s.root, {"SPSConsignment", "MainCarriageSPSTransportMovement"}), "", "ModeCode"}};
}

findings transport_mode(const subject& s) {
    findings all;
    for (const auto& movement : children(s.consignment, "MainCarriageSPSTransportMovement")) {
        const auto mode = child(movement, "ModeCode");
        const auto code = text_of(mode);
        const bool digits = std::ranges::all_of(code, [](char c) { return c >= '0' && c <= '9'; });
        if (code.empty() || code.size() > 2 || !digits)
            all.push_back({below(movement, {"ModeCode"}), cut(code), "[0-9]{1,2}"});
    }
    return all;
}

findings port_not_locode(const subject& s) {
    const auto id = descend(s.consignment, {"UnloadingBaseportSPSLocation", "ID"});
    const auto code = text_of(id);
    if (code.empty() || codes::is_locode(code)) return {};
    return {{id, cut(code), "UN/LOCODE: NLRTM"}};
}

}  // namespace ecert::sps::rules
