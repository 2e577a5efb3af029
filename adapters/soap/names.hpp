// SOAP 1.1 and 1.2: the names and the HTTP binding of each.
#pragma once

#include "crypto/xml/limits.hpp"

#include <string>
#include <string_view>

namespace ecert::soap {

enum class version { v1_1, v1_2 };

std::string_view namespace_of(version v);
crypto::xml::name element(version v, std::string_view local);  // {namespace of v}local
version other(version v);
std::string content_type(version v, std::string_view action);

// wsa:To of a reply, and what a caller without an address of its own names.
constexpr std::string_view anonymous = "http://www.w3.org/2005/08/addressing/anonymous";

}  // namespace ecert::soap
