#include "adapters/engine/reading.hpp"

#include "adapters/sps/certificate.hpp"

namespace ecert::engine {

crypto::xml::message_options message_options(const tools& with,
                                             std::vector<crypto::xml::name> content,
                                             std::vector<crypto::xml::name> typed) {
    crypto::xml::message_options all;
    all.within = sps::xml_limits(with.limits);
    all.content = std::move(content);
    all.typed = std::move(typed);
    all.spool_folder = with.spool_folder;
    all.spool_threshold = with.limits.spool_threshold;
    return all;
}

}  // namespace ecert::engine
