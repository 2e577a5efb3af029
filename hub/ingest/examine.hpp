// Everything that can be wrong with a certificate before it is taken, found in one go: as XML, as
// an SPSCertificate, for its partner, for its agency, and for the translation it will need.
//
// Thread rule: a function of its arguments that reads and computes: pool threads only.
#pragma once

#include "adapters/engine/channels.hpp"
#include "adapters/sps/certificate.hpp"
#include "config/settings.hpp"

#include <filesystem>
#include <optional>
#include <string>

namespace ecert::hub {

struct examination {
    crypto::source_ptr content;
    engine::snapshot_ptr snapshot;
    const agency_settings& agency;
    std::optional<std::string> to;  // whom they say it is for
    const limit_settings& limits;
    std::filesystem::path spool_folder;
    time_point now{};
    const char* said_at = "?to";  // where they say whom it is for
};

struct examined {
    sps::certificate certificate;               // without its attachments
    const partner_settings* partner = nullptr;  // in the snapshot; never null without errors
    problems found;
};
examined examine(const examination& what);

}  // namespace ecert::hub
