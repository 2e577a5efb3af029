#include "hub/partner/inspection.hpp"

#include "adapters/sps/validate.hpp"

namespace ecert::hub {
namespace {

problems refused_of(problems found, strictness by) {
    if (by == strictness::lenient) return {};
    sps::weigh(found, by);
    std::erase_if(found, [](const problem& p) { return p.level != severity::error; });
    return found;
}

}  // namespace

inspected inspect(const crypto::source_ptr& content, const engine::tools& with,
                  const held_to& what) {
    const auto skeleton =
        crypto::xml::read_skeleton(content, sps::reading_options(with.limits, with.spool_folder));
    auto seen = sps::validate(skeleton);
    inspected result{std::move(seen.found), seen.readable, {}, {}};
    if (!result.readable) return result;
    result.refused = refused_of(result.found, what.by);
    result.held = agree(seen.value, what.envelope, what.partner, what.node);
    return result;
}

}  // namespace ecert::hub
