// A problem: one thing wrong with what somebody gave us, said so that a person can mend it.
// Everything that reads input collects all problems before it answers. Ids are stable: agencies
// program against them.
//
// The texts, in English and Chinese, stand in one table (problem_texts.cpp); a test holds that
// every id used in the sources is in the table and that every text exists in both languages.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ecert {

// error: it is refused; warning: it is taken and kept with the finding; info: nothing is wrong.
enum class severity { error, warning, info };
std::string_view name_of(severity s);  // "error", "warning", "info"

enum class language { en, zh };

struct problem {
    std::string id;  // "SPS-STATUS-UNKNOWN", "CFG-UNKNOWN-KEY"
    severity level = severity::error;
    std::string where;     // XPath with the usual prefixes, or file:line key
    std::string value;     // what was found, cut to 200 characters
    std::string expected;  // what would be right, independent of language (a code list, a range);
                           // may be empty
};
using problems = std::vector<problem>;

bool has_errors(const problems& all);

// The sentence for people. Unknown ids give the id itself.
std::string_view problem_text(std::string_view id, language in);

// The first language of an Accept-Language header (RFC 9110, 12.5.4) that we speak; English
// otherwise.
language preferred_language(std::string_view accept_language);

}  // namespace ecert
