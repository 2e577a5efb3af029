// Everything that can be said against a certificate, all at once: by the reader (XML-...), by what
// identifies a certificate, by the rules and by the schema. Each finding has a stable id, a level,
// the field it is about (XPath of the element or attribute) and, by its id, an area: the four
// things that ValidatePhytoXML of the IPPC Hub's contract says.
//
// Thread rule: functions of their arguments; validate() is pool work.
#pragma once

#include "adapters/sps/certificate.hpp"
#include "config/settings.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace ecert::sps {

struct held_against {
    std::string node;               // the export country that is right; empty: any
    std::optional<time_point> now;  // dates are held against it; unset: against nothing
};

struct validated {
    certificate value;      // as far as it could be read; its slots live as long as the skeleton
    bool readable = false;  // it is a certificate and has number, type and status
    problems found;         // 500 at most, errors rather than others
};
validated validate(const crypto::xml::skeleton_result& read, const held_against& with = {});

// The levels of findings as a strictness has them; an error refuses. lenient leaves as errors what
// the node cannot do without, and makes the others warnings; strict makes errors of warnings.
// Findings that say that nothing is wrong (info) stay what they are.
void weigh(problems& found, strictness by);

// A finding in the contract's words: area MandatoryElements, Mapping or Schema; level SEVERE,
// WARNING or INFO.
struct validation_result {
    std::string_view area;
    std::string field;
    std::string_view level;
    std::string msg;  // the sentence, what was found, what would be right, and the id
};
validation_result validation_result_of(const problem& finding, language in);

}  // namespace ecert::sps
