#include "hub/ingest/examine.hpp"

#include "adapters/sps/validate.hpp"
#include "config/utf8.hpp"
#include "hub/ingest/addressing.hpp"

#include <iterator>

namespace ecert::hub {
namespace {

void append(problems& to, problems more) {
    to.insert(to.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

// No mapping is said now, not by a parked delivery in three days.
void try_translation(const engine::snapshot& in, const partner_settings& to,
                     const crypto::xml::skeleton_result& of, problems& found) {
    if (to.translate.empty()) return;
    if (has_errors(of.found)) {  // lowered by a lenient agency, but no translation can keep it
        found.push_back({"REST-TRANSLATION", severity::error, "/", to.translate,
                         "a certificate that can be read whole"});
        return;
    }
    const auto channel = in.channel_of(to.name);
    if (!channel || !channel->dialect) {
        found.push_back({"REST-TRANSLATION", severity::error, "/", to.translate,
                         "a channel that is configured"});
        return;
    }
    const auto made = engine::translate(*channel->dialect, to.translate, of.value, to);
    if (!made)
        found.push_back({"REST-TRANSLATION", severity::error, "/", to.translate,
                         valid_utf8(made.error().text, 500)});
}

}  // namespace

examined examine(const examination& what) {
    examined made;
    if (what.content->size() == 0) {
        made.found.push_back({"REST-BODY-EMPTY", severity::error, "/", "", ""});
        return made;
    }
    const auto skeleton = crypto::xml::read_skeleton(
        what.content, sps::reading_options(what.limits, what.spool_folder));
    const auto& configured = *what.snapshot->configuration;
    auto seen = sps::validate(skeleton, {configured.node.name, what.now});
    sps::weigh(seen.found, what.agency.validation);
    made.found = std::move(seen.found);
    if (seen.value.version == 0) return made;
    auto addressed = address(seen.value, what.to, what.agency, configured, what.said_at);
    append(made.found, std::move(addressed.found));
    made.partner = addressed.partner;
    if (made.partner == nullptr && !has_errors(made.found))
        made.found.push_back({"REST-PARTNER-MISSING", severity::error, what.said_at, "", ""});
    if (made.partner != nullptr)
        try_translation(*what.snapshot, *made.partner, skeleton, made.found);
    seen.value.attachments.clear();  // their slots die with the skeleton
    made.certificate = std::move(seen.value);
    return made;
}

}  // namespace ecert::hub
