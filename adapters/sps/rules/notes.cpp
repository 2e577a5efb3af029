// Notes: whether their subjects are the IPPC's, and whether they say something.
#include "adapters/sps/codes/codes.hpp"
#include "adapters/sps/rules/rule.hpp"

namespace ecert::sps::rules {
namespace {

template <class Known>
void unknown_subjects(const rules::notes& notes, Known known, const char* expected, findings& to) {
    for (const auto& n : notes)
        if (!n.subject.empty() && !known(n.subject))
            to.push_back({child(n.at, "Subject"), cut(n.subject), expected});
}

template <class Look>
void of_every_note(const subject& s, Look look) {
    look(s.notes);
    for (const auto& line : s.lines) look(line.notes);
}

}  // namespace

findings note_subject(const subject& s) {
    findings all;
    unknown_subjects(s.notes, codes::is_document_note,
                     "SPSFL, ADEDL, ADIPEDL, ADDIEDL, ADAOEDL, DMCL, ADRP, ADRPN, ADRPR, ADRD",
                     all);
    for (const auto& line : s.lines)
        unknown_subjects(line.notes, codes::is_line_note,
                         "ADTLIL, ADIPTLIL, ADDITLIL, ADAOTLIL, DMTLIL, OPTND, OQV, OQU, RPC...",
                         all);
    return all;
}

findings note_empty(const subject& s) {
    findings all;
    of_every_note(s, [&](const rules::notes& notes) {
        for (const auto& n : notes)
            if (!n.subject.empty() && n.content.empty() && !child(n.at, "ContentCode"))
                all.push_back({below(n.at, {"Content"}), cut(n.subject), ""});
    });
    return all;
}

findings quantity_unpaired(const subject& s) {
    findings all;
    for (const auto& line : s.lines) {
        const auto& notes = line.notes;
        const auto values = about(notes, "OQV"), units = about(notes, "OQU");
        if (values.size() == units.size()) continue;
        const auto& more = values.size() > units.size() ? values : units;
        all.push_back(
            {more.back().at, more.back().subject, values.size() > units.size() ? "OQU" : "OQV"});
    }
    return all;
}

}  // namespace ecert::sps::rules
