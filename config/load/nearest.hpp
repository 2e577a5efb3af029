// The known word that somebody most likely meant.
#pragma once

#include <span>
#include <string_view>

namespace ecert::load {

// Empty if none is near: a third of the letters may be wrong, two at least.
std::string_view nearest(std::string_view written, std::span<const std::string_view> known);

}  // namespace ecert::load
