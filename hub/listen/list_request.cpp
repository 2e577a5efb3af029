#include "hub/listen/list_request.hpp"

#include "config/utf8.hpp"

#include <charconv>
#include <set>

namespace ecert::hub {
namespace {

constexpr unsigned most_rows = 1000;
constexpr state all_states[] = {state::waiting,   state::queued,       state::sent,
                                state::delivered, state::acknowledged, state::rejected,
                                state::offered,   state::refused,      state::parked,
                                state::held,      state::cancelled};

std::string state_names() {
    std::string all;
    for (const auto s : all_states) all += (all.empty() ? "" : ", ") + std::string{name_of(s)};
    return all;
}

struct reading {
    list_request made;
    list_scope scope;

    void wrong(std::string_view name, std::string_view value, std::string expected) {
        made.found.push_back({"REST-PARAMETER", severity::error, "?" + valid_utf8(name, 60),
                              valid_utf8(value, 200), std::move(expected)});
    }

    void time(std::string_view name, const std::string& value, std::optional<time_point>& into) {
        into = parse_rfc3339(value);
        if (!into) wrong(name, value, "RFC 3339, such as 2026-11-24T00:00:00Z");
    }

    void limit(std::string_view name, const std::string& value) {
        unsigned n = 0;
        const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), n);
        const bool whole = error == std::errc{} && end == value.data() + value.size();
        if (!whole || n == 0 || n > most_rows) return wrong(name, value, "1 to 1000");
        made.query.most = n;
    }

    void of_operators(const std::string& name, const std::string& value) {
        if (scope == list_scope::one_agency) return wrong(name, value, "no such parameter here");
        if (name == "agency") made.query.agency = value;
        if (name == "unfinished") made.query.unfinished_first = value == "true" || value == "1";
        if (name != "verb") return;
        made.query.verb = queue::verb_of(value);
        if (!made.query.verb) wrong(name, value, "deliver, track, list, fetch, confirm, respond");
    }

    void take(const std::string& name, const std::string& value) {
        if (name == "number")
            made.query.number = value;
        else if (name == "partner")
            made.query.partner = value;
        else if (name == "cursor")
            made.query.cursor = value;
        else if (name == "from")
            time(name, value, made.query.from);
        else if (name == "until")
            time(name, value, made.query.until);
        else if (name == "limit")
            limit(name, value);
        else if (name == "agency" || name == "unfinished" || name == "verb")
            of_operators(name, value);
        else if (name != "state")
            wrong(name, value, "no such parameter here");
        else if (made.query.state = state_of_name(value); !made.query.state)
            wrong(name, value, state_names());
    }
};

}  // namespace

std::optional<state> state_of_name(std::string_view name) {
    for (const auto s : all_states)
        if (name_of(s) == name) return s;
    return {};
}

list_request read_list_request(const http::request_head& head, list_scope scope) {
    reading r{{}, scope};
    std::set<std::string_view> seen;
    for (const auto& [name, value] : head.query) {
        if (seen.insert(name).second)
            r.take(name, value);
        else
            r.wrong(name, value, "given once");
    }
    return std::move(r.made);
}

}  // namespace ecert::hub
