// What the extension functions of stylesheets compute, as plain functions.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ecert::crypto::xml {

// A date or time of XML Schema ("2025-06-01", "2025-06-01T10:20:30.5+08:00") or a compact one
// ("20250601", "20250601102030", "202506011020") in another form:
//   date      2025-06-01                     as written: no change of zone
//   datetime  2025-06-01T10:20:30+08:00      the zone as written, none if none; midnight for a
//   date; no fraction utc       2025-06-01T02:20:30Z           no zone is taken for UTC compact
//   20250601102030                 as written: no change of zone
// Empty: the text is no date. nullopt: there is no such form.
std::optional<std::string> convert_date(std::string_view text, std::string_view form);

// A decimal number ("+001.50", ".5", "1e3" is none) in another form:
//   plain     1.5              no sign +, no zeros that say nothing
//   integer   2                rounded, halves away from zero
//   0 .. 9    1.500            exactly so many decimals, rounded likewise
// Empty: the text is no number. nullopt: there is no such form.
std::optional<std::string> convert_number(std::string_view text, std::string_view form);

}  // namespace ecert::crypto::xml
