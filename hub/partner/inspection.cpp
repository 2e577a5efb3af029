#include "hub/partner/inspection.hpp"

#include "adapters/sps/certificate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace ecert::hub {

inspected inspect(const crypto::source_ptr& content, const engine::tools& with,
                  const queue::envelope& envelope, const std::string& partner,
                  const std::string& node) {
    auto read =
        crypto::xml::read_skeleton(content, sps::reading_options(with.limits, with.spool_folder));
    const bool judged = sps::can_be_judged(read);
    inspected result{std::move(read.found), false, {}};
    if (!judged) return result;
    auto certificate = sps::read(read.value);
    result.readable = !has_errors(certificate.found);
    std::ranges::move(certificate.found, std::back_inserter(result.found));
    if (!result.readable) return result;
    std::ranges::move(sps::check(read.value, certificate.value, ""),
                      std::back_inserter(result.found));
    result.held = agree(certificate.value, envelope, partner, node);
    return result;
}

std::string told(const problems& found) {
    std::string text;
    for (const auto& p : found) {
        if (p.level != severity::error) continue;
        text += fmt::format(" [{}] {} {}", p.id, p.where, problem_text(p.id, language::en));
    }
    return text;
}

}  // namespace ecert::hub
