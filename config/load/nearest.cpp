#include "config/load/nearest.hpp"

#include <algorithm>
#include <numeric>
#include <utility>
#include <vector>

namespace ecert::load {
namespace {

constexpr std::size_t longest_word = 64;

// Letters to insert, remove or change (Levenshtein), one row of the table at a time.
std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 0; i < a.size(); ++i) {
        std::size_t diagonal = std::exchange(row[0], i + 1);
        for (std::size_t j = 0; j < b.size(); ++j) {
            const std::size_t changed = diagonal + (a[i] == b[j] ? 0 : 1);
            diagonal = row[j + 1];
            row[j + 1] = std::min({changed, row[j] + 1, diagonal + 1});
        }
    }
    return row.back();
}

}  // namespace

std::string_view nearest(std::string_view written, std::span<const std::string_view> known) {
    if (written.size() > longest_word) return {};
    std::string_view best;
    std::size_t least = std::max<std::size_t>(2, written.size() / 3) + 1;
    for (const std::string_view one : known) {
        const std::size_t far = distance(written, one);
        if (far < least) {
            least = far;
            best = one;
        }
    }
    return best;
}

}  // namespace ecert::load
