// Exclusive canonicalisation by libxml2 itself: the independent answer that ours is held against.
#pragma once

#include "crypto/xml/document.hpp"

#include <libxml/c14n.h>

#include <string>
#include <vector>

namespace ecert::tests {

inline int is_below(void* apex, xmlNode* at, xmlNode* parent) {
    const bool no_tree_node = at->type == XML_NAMESPACE_DECL || at->type == XML_ATTRIBUTE_NODE;
    for (auto* up = no_tree_node ? parent : at; up != nullptr; up = up->parent)
        if (up == apex) return 1;
    return 0;
}

inline std::string libxml_c14n(const crypto::xml::node& apex,
                               std::vector<std::string> prefixes = {}) {
    std::vector<xmlChar*> list;
    for (auto& p : prefixes) list.push_back(reinterpret_cast<xmlChar*>(p.data()));
    list.push_back(nullptr);
    auto* buffer = xmlAllocOutputBuffer(nullptr);
    xmlC14NExecute(apex.raw()->doc, is_below, apex.raw(), XML_C14N_EXCLUSIVE_1_0, list.data(), 0,
                   buffer);
    xmlOutputBufferFlush(buffer);
    std::string out{reinterpret_cast<const char*>(xmlOutputBufferGetContent(buffer)),
                    xmlOutputBufferGetSize(buffer)};
    xmlOutputBufferClose(buffer);
    return out;
}

}  // namespace ecert::tests
