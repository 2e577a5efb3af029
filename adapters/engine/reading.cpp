#include "adapters/engine/reading.hpp"

#include "adapters/sps/certificate.hpp"

#include <fmt/format.h>

namespace ecert::engine {

std::uint64_t message_bytes(const limit_settings& limits) {
    return limits.certificate_bytes * 3 / 2 + mib;
}

std::string too_large(const crypto::source& certificate, const limit_settings& limits) {
    if (certificate.size() <= limits.certificate_bytes) return {};
    return fmt::format("the certificate has {} bytes, above the {} of limits.certificate_bytes",
                       certificate.size(), limits.certificate_bytes);
}

crypto::xml::message_options message_options(const tools& with,
                                             std::vector<crypto::xml::name> content,
                                             std::vector<crypto::xml::name> typed) {
    crypto::xml::message_options all;
    all.within = sps::xml_limits(with.limits);
    all.within.bytes = message_bytes(with.limits);
    all.content = std::move(content);
    all.typed = std::move(typed);
    all.spool_folder = with.spool_folder;
    all.spool_threshold = with.limits.spool_threshold;
    return all;
}

}  // namespace ecert::engine
