// W3C Trace Context: the caller's traceparent where it is well formed, else one of ours, so that
// every certificate can be followed from its push to its answer.
#pragma once

#include <string>
#include <string_view>

namespace ecert::hub {

std::string traceparent_for(std::string_view header);

}  // namespace ecert::hub
