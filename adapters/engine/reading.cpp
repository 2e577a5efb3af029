#include "adapters/engine/reading.hpp"

namespace ecert::engine {

crypto::xml::limits xml_limits(const limit_settings& from) {
    crypto::xml::limits all;
    all.bytes = from.certificate_bytes;
    all.depth = from.xml_depth;
    all.attributes = from.xml_attributes;
    all.nodes = from.xml_nodes;
    all.tree_bytes = from.xml_skeleton_bytes;
    all.text_bytes = from.xml_text_bytes;
    return all;
}

crypto::xml::message_options message_options(const tools& with,
                                             std::vector<crypto::xml::name> content) {
    crypto::xml::message_options all;
    all.within = xml_limits(with.limits);
    all.content = std::move(content);
    all.spool_folder = with.spool_folder;
    all.spool_threshold = with.limits.spool_threshold;
    return all;
}

}  // namespace ecert::engine
