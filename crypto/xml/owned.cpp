#include "crypto/xml/owned.hpp"

#include <libxml/tree.h>

namespace ecert::crypto::xml {

void free_chars(unsigned char* text) noexcept { xmlFree(text); }
void free_node(_xmlNode* n) noexcept { xmlFreeNode(n); }

std::string taken(unsigned char* text) {
    const chars_handle owner{text};
    return text == nullptr ? std::string{} : std::string{reinterpret_cast<const char*>(text)};
}

}  // namespace ecert::crypto::xml
