// Whether a request's body is of one of these media types; parameters and case do not matter.
#pragma once

#include "adapters/http/message.hpp"

#include <initializer_list>
#include <string_view>

namespace ecert::hub {

bool is_media_type(const http::request_head& head, std::initializer_list<std::string_view> any_of);

}  // namespace ecert::hub
