#include "config/load/reading.hpp"

#include "config/load/nearest.hpp"
#include "config/load/units.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <ranges>
#include <sstream>

namespace ecert::load {
namespace {

std::string plain(double value) { return fmt::format("{}", value); }
std::string as_duration(double value) {
    return written(duration{static_cast<duration::rep>(value)});
}
std::string as_size(double value) { return written_size(static_cast<std::uint64_t>(value)); }

std::string shown(const toml::node& found) {
    if (const auto* text = found.as_string()) return text->get();
    if (found.is_table() || found.is_array()) return found.is_table() ? "[table]" : "[array]";
    std::ostringstream out;
    found.visit([&](const auto& value) {
        if constexpr (toml::is_value<decltype(value)>) out << value;
    });
    return out.str();
}

bool readable_file(const std::filesystem::path& file) {
    std::error_code none;
    return std::filesystem::is_regular_file(file, none) && std::ifstream{file}.good();
}

}  // namespace

void reading::value(const toml::node& from, const std::string& at, const rule& checks,
                    std::string& into) {
    const auto* text = from.as_string();
    if (text == nullptr) return wrong_type(from, at, "\"...\"");
    if (checks.required && text->get().empty()) return to_.error("CFG-REQUIRED", {file_, at});
    into = text->get();
    if (!is_choice(into, at, checks) || into.empty()) return;
    if (checks.written == form::hours && !are_hours(into))
        wrong_form("CFG-HOURS", at, into, "\"08:00-18:00\"");
    if (checks.written == form::url && !is_endpoint(into))
        wrong_form("CFG-URL", at, into, "https://host[:port]/path");
}

void reading::value(const toml::node& from, const std::string& at, const rule& checks,
                    std::filesystem::path& into) {
    const auto* text = from.as_string();
    if (text == nullptr) return wrong_type(from, at, "\"...\"");
    if (text->get().empty()) {
        if (checks.required) to_.error("CFG-REQUIRED", {file_, at});
        into.clear();
        return;
    }
    into = folder_ / text->get();
    if (checks.written == form::existing_file && !readable_file(into))
        to_.error("CFG-FILE-MISSING", {file_, at}, into.string());
}

void reading::value(const toml::node& from, const std::string& at, const rule&, bool& into) {
    const auto* found = from.as_boolean();
    if (found == nullptr) return wrong_type(from, at, "true|false");
    into = found->get();
}

template <class Integer>
void reading::whole(const toml::node& from, const std::string& at, const rule& checks,
                    Integer& into) {
    const auto* found = from.as_integer();
    if (found == nullptr)
        return wrong_type(from, at, plain(checks.least) + " .. " + plain(checks.most));
    if (in_range(static_cast<double>(found->get()), at, checks, from, plain))
        into = static_cast<Integer>(found->get());
}
void reading::value(const toml::node& from, const std::string& at, const rule& checks, int& into) {
    whole(from, at, checks, into);
}
void reading::value(const toml::node& from, const std::string& at, const rule& checks,
                    unsigned& into) {
    whole(from, at, checks, into);
}
void reading::value(const toml::node& from, const std::string& at, const rule& checks,
                    std::uint16_t& into) {
    whole(from, at, checks, into);
}

void reading::value(const toml::node& from, const std::string& at, const rule& checks,
                    std::uint64_t& into) {
    const auto* text = from.as_string();
    if (text == nullptr) return wrong_type(from, at, "\"110MiB\"");
    const auto bytes = parse_size(text->get());
    if (!bytes) return wrong_form("CFG-SIZE", at, text->get(), "\"110MiB\"");
    if (in_range(static_cast<double>(*bytes), at, checks, from, as_size)) into = *bytes;
}

void reading::value(const toml::node& from, const std::string& at, const rule& checks,
                    double& into) {
    const auto found = from.value<double>();
    if (!from.is_number() || !found) return wrong_type(from, at, "0.5");
    if (in_range(*found, at, checks, from, plain)) into = *found;
}

void reading::value(const toml::node& from, const std::string& at, const rule& checks,
                    duration& into) {
    const auto* text = from.as_string();
    if (text == nullptr) return wrong_type(from, at, "\"10s\"");
    const auto time = parse_duration(text->get());
    if (!time) return wrong_form("CFG-DURATION", at, text->get(), "\"10s\"");
    if (in_range(static_cast<double>(time->count()), at, checks, from, as_duration)) into = *time;
}

std::optional<unsigned> reading::choice(const toml::node& from, const std::string& at,
                                        const rule& checks) {
    const auto* text = from.as_string();
    if (text == nullptr) {
        wrong_type(from, at, "\"...\"");
        return std::nullopt;
    }
    if (!is_choice(text->get(), at, checks)) return std::nullopt;
    unsigned place = 0;
    for (const auto each : checks.one_of | std::views::split('|')) {
        if (std::ranges::equal(each, text->get())) return place;
        ++place;
    }
    return std::nullopt;
}

void reading::value(const toml::node& from, const std::string& at, const rule&,
                    std::map<std::string, std::string>& into) {
    const auto* all = from.as_table();
    if (all == nullptr) return wrong_type(from, at, "[" + at + "]");
    into.clear();
    for (const auto& [name, node] : *all) {
        const std::string place = at + '.' + std::string{name.str()};
        to_.remember({file_, place}, line(node));
        if (const auto* text = node.as_string()) {
            into[std::string{name.str()}] = text->get();
        } else {
            wrong_type(node, place, "\"...\"");
        }
    }
}

void reading::wrong_type(const toml::node& found, const std::string& at, std::string expected) {
    to_.error("CFG-TYPE", {file_, at}, shown(found), std::move(expected));
}

void reading::wrong_form(std::string id, const std::string& at, const std::string& value,
                         std::string expected) {
    to_.error(std::move(id), {file_, at}, value, std::move(expected));
}

// Also false for NaN.
bool reading::in_range(double value, const std::string& at, const rule& checks,
                       const toml::node& found, std::string (*write)(double)) {
    if (!checks.bounded || (value >= checks.least && value <= checks.most)) return true;
    to_.error("CFG-RANGE", {file_, at}, shown(found),
              write(checks.least) + " .. " + write(checks.most));
    return false;
}

bool reading::is_choice(const std::string& text, const std::string& at, const rule& checks) {
    if (checks.one_of.empty()) return true;
    const bool whole = text.find('|') == text.npos && !text.empty();
    const std::string among = '|' + std::string{checks.one_of} + '|';
    if (whole && among.find('|' + text + '|') != among.npos) return true;
    to_.error("CFG-VALUE", {file_, at}, text, std::string{checks.one_of});
    return false;
}

void reading::report_unknown(const toml::table& in, const std::string& path,
                             const std::vector<std::string_view>& known) {
    for (const auto& [name, node] : in) {
        const std::string_view written = name.str();
        if (std::find(known.begin(), known.end(), written) != known.end()) continue;
        std::string expected{nearest(written, known)};
        if (expected.empty()) expected = fmt::format("{}", fmt::join(known, "|"));
        const std::string at =
            path.empty() ? std::string{written} : path + '.' + std::string{written};
        to_.error_on_line(name.source().begin.line, "CFG-UNKNOWN-KEY", {file_, at},
                          std::string{written}, std::move(expected));
    }
}

}  // namespace ecert::load
