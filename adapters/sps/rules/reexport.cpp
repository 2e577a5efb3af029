// Re-export (type 657): what each line says of the original certificate, in notes RPC*, and the
// copy of it.
#include "adapters/sps/codes/codes.hpp"
#include "adapters/sps/rules/rule.hpp"

#include <algorithm>
#include <array>

namespace ecert::sps::rules {
namespace {

constexpr int reexport = 657;
constexpr std::array<std::string_view, 8> answers{"RPCOR", "RPCTC", "RPCPK", "RPCRP",
                                                  "RPCOC", "RPCNC", "RPCPC", "RPCAI"};

findings lines_without(const subject& s, const char* note_subject) {
    findings all;
    if (s.read.type != reexport) return all;
    for (const auto& line : s.lines)
        if (about(line.notes, note_subject).empty())
            all.push_back({below(line, {"AdditionalInformationSPSNote"}), "", note_subject});
    return all;
}

template <class Wrong>
findings of_each_note(const subject& s, Wrong wrong, const char* expected) {
    findings all;
    for (const auto& line : s.lines)
        for (const auto& n : line.notes)
            if (wrong(n)) all.push_back({n.at, cut(n.content), expected});
    return all;
}

}  // namespace

findings reexport_original_missing(const subject& s) { return lines_without(s, "RPCRF"); }
findings reexport_country_missing(const subject& s) { return lines_without(s, "RPCCO"); }
findings reexport_statement_missing(const subject& s) { return lines_without(s, "RPCST"); }

findings reexport_country_not_iso(const subject& s) {
    return of_each_note(
        s,
        [](const note& n) {
            return n.subject == "RPCCO" && !n.content.empty() && !codes::is_country(n.content);
        },
        "ISO 3166-1 alpha-2");
}

findings reexport_answer(const subject& s) {
    return of_each_note(
        s,
        [](const note& n) {
            return std::ranges::find(answers, n.subject) != answers.end() && n.content != "True" &&
                   n.content != "False";
        },
        "True, False");
}

findings reexport_copy_missing(const subject& s) {
    if (s.read.type != reexport) return {};
    for (const auto& r : s.references)
        if (text_of(child(r, "RelationshipTypeCode")) == "AWR") return {};
    return {
        {below(s.document, {"ReferenceSPSReferencedDocument"}), "", "RelationshipTypeCode AWR"}};
}

findings reexport_unexpected(const subject& s) {
    findings all;
    if (s.read.type == reexport) return all;
    for (const auto& line : s.lines) {
        const auto& notes = line.notes;
        const auto first =
            std::ranges::find_if(notes, [](const note& n) { return n.subject.starts_with("RPC"); });
        if (first != notes.end()) all.push_back({first->at, cut(first->subject), "657"});
    }
    return all;
}

}  // namespace ecert::sps::rules
