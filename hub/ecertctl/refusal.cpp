#include "hub/ecertctl/refusal.hpp"

#include "hub/ecertctl/json_fields.hpp"

#include <fmt/format.h>
#include <fmt/ostream.h>

namespace ecert::ctl {
namespace {

void tell_reason(std::ostream& to, const boost::json::value& reason) {
    fmt::print(to, "  {} [{}] {}: {}", text_of(reason, "level"), text_of(reason, "id"),
               text_of(reason, "path"), text_of(reason, "text"));
    if (const auto found = text_of(reason, "value"); !found.empty())
        fmt::print(to, " Found: {}.", found);
    if (const auto right = text_of(reason, "expected"); !right.empty())
        fmt::print(to, " Expected: {}.", right);
    to << '\n';
}

}  // namespace

exit_code tell_refusal(session& s, int status, const boost::json::value& problem,
                       const std::string& text) {
    if (s.json) {
        s.out << text << '\n';
    } else {
        std::string why = text_of(problem, "detail");
        if (why.empty()) why = text_of(problem, "title");
        fmt::print(s.err, "ecertctl: refused (HTTP {}): {}\n", status, why);
        for (const auto& reason : rows_of(problem, "errors")) tell_reason(s.err, reason);
    }
    if (text_of(problem, "type") == "urn:ecert:problem:configuration") return exit_code::broken;
    return status >= 500 ? exit_code::unreachable : exit_code::refused;
}

}  // namespace ecert::ctl
