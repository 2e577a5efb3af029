#include "crypto/xml/canonical_writer.hpp"
#include "crypto/xml/document.hpp"

#include <libxml/tree.h>

namespace ecert::crypto::xml {
namespace {

std::string_view view(const xmlChar* s) {
    return s == nullptr ? std::string_view{} : std::string_view{reinterpret_cast<const char*>(s)};
}

void write_leaf(canonical_writer& to, const xmlNode* leaf) {
    if (leaf->type == XML_TEXT_NODE || leaf->type == XML_CDATA_SECTION_NODE)
        to.text(view(leaf->content));
    else if (leaf->type == XML_PI_NODE)
        to.instruction(view(leaf->name), view(leaf->content));
}

// Without recursion: stylesheet results may be deeper than the stack likes.
void walk(canonical_writer& to, const xmlNode* apex) {
    for (const xmlNode* at = apex;;) {
        const bool element = at->type == XML_ELEMENT_NODE;
        element ? to.start(at) : write_leaf(to, at);
        if (element && at->children != nullptr) {
            at = at->children;
            continue;
        }
        if (element) to.end();
        while (at != apex && at->next == nullptr) {
            at = at->parent;
            to.end();
        }
        if (at == apex) return;
        at = at->next;
    }
}

}  // namespace

std::string exclusive_c14n(const node& apex, const std::vector<std::string>& inclusive_prefixes) {
    std::string out;
    canonical_writer to{inclusive_prefixes, [&](std::string_view bytes) { out += bytes; }};
    walk(to, apex.raw());
    to.finish();
    return out;
}

}  // namespace ecert::crypto::xml
