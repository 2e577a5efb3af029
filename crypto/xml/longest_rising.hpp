// The longest row of values that never falls, out of a longer one.
#pragma once

#include <algorithm>
#include <cstddef>
#include <limits>
#include <vector>

namespace ecert::crypto::xml {

// Positions, rising. O(n log n): the tail of the best row of each length, and who stood before
// whom.
inline std::vector<std::size_t> longest_rising(const std::vector<std::size_t>& values) {
    constexpr auto nobody = std::numeric_limits<std::size_t>::max();
    std::vector<std::size_t> tails, before(values.size(), nobody);
    for (std::size_t i = 0; i < values.size(); ++i) {
        const auto at = std::ranges::upper_bound(tails, values[i], {},
                                                 [&](std::size_t t) { return values[t]; });
        if (at != tails.begin()) before[i] = *std::prev(at);
        if (at == tails.end())
            tails.push_back(i);
        else
            *at = i;
    }
    std::vector<std::size_t> row;
    for (auto i = tails.empty() ? nobody : tails.back(); i != nobody; i = before[i])
        row.push_back(i);
    std::ranges::reverse(row);
    return row;
}

}  // namespace ecert::crypto::xml
