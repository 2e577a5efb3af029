// Which partner a certificate is for, whether that partner takes it, and whether its number is the
// agency's to give. Pure.
#pragma once

#include "adapters/sps/certificate.hpp"
#include "config/problem.hpp"
#include "config/settings.hpp"

#include <optional>
#include <string>

namespace ecert::hub {

struct addressed {
    const partner_settings* partner = nullptr;  // in the configuration; null: unknown, and said so
    problems found;
};
// to: what the push says, and where it says so; without it the import country.
addressed address(const sps::certificate& c, const std::optional<std::string>& to,
                  const agency_settings& agency, const configuration& configured,
                  const char* said_at = "?to");

}  // namespace ecert::hub
