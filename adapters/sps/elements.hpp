// Walking a certificate by local names within the UN/CEFACT family of namespaces: versions differ
// in the number at the end of a namespace, and clients in its case. A null node is allowed
// everywhere and has nothing below it.
#pragma once

#include "crypto/xml/document.hpp"

#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace ecert::sps {

using crypto::xml::node;

bool is_sps(const node& n, std::string_view local);
node child(const node& of, std::string_view local);
node descend(node from, std::initializer_list<std::string_view> path);
std::vector<node> children(const node& of, std::string_view local);

// Every element below and including it, in document order. Depth is bounded by the limits of
// reading.
void visit(const node& from, const std::function<void(const node&)>& see);

std::string trimmed(std::string_view text);
std::string text_of(const node& n);  // trimmed; empty for a null node

// Where an element is missing: the path of its parent, then its own name.
std::string path_below(const node& parent, std::string_view local);

// At most 200 characters, never half of one.
std::string cut(std::string_view utf8);

}  // namespace ecert::sps
