#include "hub/ecertctl/columns.hpp"

#include "hub/ecertctl/terminal_text.hpp"

#include <algorithm>

namespace ecert::ctl {
namespace {

constexpr std::size_t widest = 48;
constexpr std::size_t gap = 2;

}  // namespace

void columns::print(std::ostream& to) const {
    std::vector<std::size_t> widths(rows_.front().size());
    for (const auto& row : rows_) {
        for (std::size_t i = 0; i < row.size(); ++i)
            widths[i] = std::max(widths[i], std::min(widest, width_of(row[i])));
    }
    for (const auto& row : rows_) {
        for (std::size_t i = 0; i + 1 < row.size(); ++i) {
            const std::string cell = cut_to(row[i], widths[i]);
            to << cell << std::string(widths[i] - width_of(cell) + gap, ' ');
        }
        to << row.back() << '\n';
    }
}

}  // namespace ecert::ctl
