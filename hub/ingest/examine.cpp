#include "hub/ingest/examine.hpp"

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
                     const crypto::xml::skeleton& of, problems& found) {
    if (to.translate.empty()) return;
    const auto channel = in.channel_of(to.name);
    if (!channel || !channel->dialect) {
        found.push_back({"REST-TRANSLATION", severity::error, "/", to.translate,
                         "a channel that is configured"});
        return;
    }
    const auto made = engine::translate(*channel->dialect, to.translate, of, to);
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
    auto skeleton = crypto::xml::read_skeleton(
        what.content, sps::reading_options(what.limits, what.spool_folder));
    const bool judge = sps::can_be_judged(skeleton);
    made.found = std::move(skeleton.found);
    if (!judge) return made;
    auto read = sps::read(skeleton.value);
    const auto& configured = *what.snapshot->configuration;
    append(made.found, std::move(read.found));
    append(made.found, sps::check(skeleton.value, read.value, configured.node.name, what.now));
    if (read.value.version != 0) {
        auto addressed = address(read.value, what.to, what.agency, configured);
        append(made.found, std::move(addressed.found));
        made.partner = addressed.partner;
    }
    if (made.partner != nullptr)
        try_translation(*what.snapshot, *made.partner, skeleton.value, made.found);
    read.value.attachments.clear();  // their slots die with the skeleton
    made.certificate = std::move(read.value);
    return made;
}

}  // namespace ecert::hub
