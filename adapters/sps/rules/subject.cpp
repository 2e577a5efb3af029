#include "adapters/sps/rules/rule.hpp"

#include <algorithm>
#include <iterator>

namespace ecert::sps::rules {

place below(const sps::node& from, steps path) {
    place at{from};
    for (const auto local : path)
        if (const auto next = at.below.empty() ? child(at.at, local) : sps::node{})
            at.at = next;
        else
            at.below += path_below({}, local);
    return at;
}

findings missing_text(const subject& s, steps path) {
    if (!text_of(descend(s.root, path)).empty()) return {};
    return {{below(s.root, path), "", ""}};
}

place attribute_of(const sps::node& element, std::string_view name) {
    return {element, "/@" + std::string{name}};
}

notes about(const notes& all, std::string_view subject) {
    notes some;
    std::ranges::copy_if(all, std::back_inserter(some),
                         [&](const note& n) { return n.subject == subject; });
    return some;
}

namespace {

notes notes_in(const sps::node& parent, std::string_view local) {
    notes all;
    for (const auto& n : children(parent, local))
        all.push_back({n, text_of(child(n, "Subject")), text_of(child(n, "Content"))});
    return all;
}

}  // namespace

subject prepare(const crypto::xml::skeleton& from, const certificate& read, const std::string& node,
                std::optional<time_point> now) {
    subject s{read, node, now, from.text->size(), read.type == 851 || read.type == 657};
    s.root = from.tree.root();
    s.document = child(s.root, "SPSExchangedDocument");
    s.consignment = child(s.root, "SPSConsignment");
    s.notes = notes_in(s.document, "IncludedSPSNote");
    s.references = children(s.document, "ReferenceSPSReferencedDocument");
    visit(s.consignment, [&](const sps::node& n) {
        // TRACES sums up in a line 0; an ePhyto's line 0 is its first.
        if (is_sps(n, "IncludedSPSTradeLineItem") &&
            (s.ephyto || text_of(child(n, "SequenceNumeric")) != "0"))
            s.lines.push_back({n, notes_in(n, "AdditionalInformationSPSNote")});
        if (is_sps(n, "AppliedSPSProcess")) s.processes.push_back(n);
        if (is_sps(n, "CountryID")) s.countries.push_back(n);
        if (n.local().ends_with("SPSCountry"))
            if (const auto id = child(n, "ID")) s.countries.push_back(id);
    });
    return s;
}

}  // namespace ecert::sps::rules
