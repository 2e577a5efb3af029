#include "adapters/sps/certificate.hpp"

namespace ecert::sps {

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

crypto::xml::skeleton_options reading_options(const limit_settings& from,
                                              std::filesystem::path spool_folder) {
    return {xml_limits(from), {}, attachment_elements(), std::move(spool_folder)};
}

}  // namespace ecert::sps
