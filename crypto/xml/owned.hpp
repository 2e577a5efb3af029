// Owners of what libxml2 gives away; nothing else in this folder frees.
#pragma once

#include "crypto/handle.hpp"

#include <string>

struct _xmlNode;

namespace ecert::crypto::xml {

void free_chars(unsigned char*) noexcept;
void free_node(_xmlNode*) noexcept;

using chars_handle = handle<unsigned char, free_chars>;
using node_handle = handle<_xmlNode, free_node>;

// A string of libxml2's as ours; empty for none.
std::string taken(unsigned char* text);

}  // namespace ecert::crypto::xml
