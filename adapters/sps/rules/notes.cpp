// Notes: whether their subjects are the IPPC's, and whether they say something.
#include "adapters/sps/rules/notes.hpp"

#include "adapters/sps/codes/codes.hpp"
#include "adapters/sps/rules/rule.hpp"

namespace ecert::sps::rules {
namespace {

std::vector<note> notes_in(const sps::node& parent, std::string_view local) {
    std::vector<note> all;
    for (const auto& n : children(parent, local))
        all.push_back({n, text_of(child(n, "Subject")), text_of(child(n, "Content"))});
    return all;
}

template <class Known>
void unknown_subjects(const std::vector<note>& notes, Known known, const char* expected,
                      findings& to) {
    for (const auto& n : notes)
        if (!n.subject.empty() && !known(n.subject))
            to.push_back({child(n.at, "Subject"), cut(n.subject), expected});
}

template <class Look>
void of_every_note(const subject& s, Look look) {
    look(notes_of_document(s.document));
    for (const auto& line : s.lines) look(notes_of_line(line));
}

}  // namespace

std::vector<note> notes_of_document(const sps::node& document) {
    return notes_in(document, "IncludedSPSNote");
}

std::vector<note> notes_of_line(const sps::node& line) {
    return notes_in(line, "AdditionalInformationSPSNote");
}

std::vector<note> about(std::vector<note> all, std::string_view subject) {
    std::erase_if(all, [&](const note& n) { return n.subject != subject; });
    return all;
}

findings note_subject(const subject& s) {
    findings all;
    unknown_subjects(notes_of_document(s.document), codes::is_document_note,
                     "SPSFL, ADEDL, ADIPEDL, ADDIEDL, ADAOEDL, DMCL, ADRP, ADRPN, ADRPR, ADRD",
                     all);
    for (const auto& line : s.lines)
        unknown_subjects(notes_of_line(line), codes::is_line_note,
                         "ADTLIL, ADIPTLIL, ADDITLIL, ADAOTLIL, DMTLIL, OPTND, OQV, OQU, RPC...",
                         all);
    return all;
}

findings note_empty(const subject& s) {
    findings all;
    of_every_note(s, [&](const std::vector<note>& notes) {
        for (const auto& n : notes)
            if (!n.subject.empty() && n.content.empty() && !child(n.at, "ContentCode"))
                all.push_back({below(n.at, {"Content"}), cut(n.subject), ""});
    });
    return all;
}

findings quantity_unpaired(const subject& s) {
    findings all;
    for (const auto& line : s.lines) {
        const auto notes = notes_of_line(line);
        const auto values = about(notes, "OQV"), units = about(notes, "OQU");
        if (values.size() == units.size()) continue;
        const auto& more = values.size() > units.size() ? values : units;
        all.push_back(
            {more.back().at, more.back().subject, values.size() > units.size() ? "OQU" : "OQV"});
    }
    return all;
}

}  // namespace ecert::sps::rules
