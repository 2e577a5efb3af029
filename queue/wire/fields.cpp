#include "queue/wire/fields.hpp"

#include "config/utf8.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ecert::queue::wire {

namespace json = boost::json;

void faults::add(const std::string& path, std::string_view what) {
    all_.push_back(fmt::format("{}: {}", path, what));
}

std::string faults::text() const { return fmt::format("{}", fmt::join(all_, "; ")); }

fields::fields(const json::object& of, std::string path, faults& into)
    : of_{&of}, path_{std::move(path)}, faults_{&into} {}

void fields::fault(std::string_view name, std::string_view what) {
    faults_->add(path_.empty() ? std::string{name} : fmt::format("{}.{}", path_, name), what);
}

const json::value* fields::find(std::string_view name) const { return of_->if_contains(name); }

bool fields::has(std::string_view name) const { return find(name) != nullptr; }

const json::string* fields::string_at(std::string_view name) {
    const auto* value = find(name);
    const auto* text = value ? value->if_string() : nullptr;
    if (!text) fault(name, value ? "must be a string" : "is missing");
    return text;
}

std::string fields::text(std::string_view name) {
    const auto* value = find(name);
    const auto* wrapped = value ? value->if_object() : nullptr;
    if (wrapped)
        return fields{*wrapped, path_.empty() ? std::string{name} : path_ + "." + std::string{name},
                      *faults_}
            .bytes("base64");
    const auto* found = string_at(name);
    return found ? std::string{*found} : std::string{};
}

std::string fields::text_or_empty(std::string_view name) {
    return has(name) ? text(name) : std::string{};
}

std::int64_t fields::integer(std::string_view name, std::int64_t least, std::int64_t most) {
    const auto* value = find(name);
    if (!value) {
        fault(name, "is missing");
        return least;
    }
    const auto* number = value->if_int64();
    if (number && *number >= least && *number <= most) return *number;
    fault(name, fmt::format("must be an integer from {} to {}", least, most));
    return least;
}

bool fields::flag(std::string_view name) {
    const auto* value = find(name);
    if (!value) return false;
    if (const auto* truth = value->if_bool()) return *truth;
    fault(name, "must be true or false");
    return false;
}

uuid fields::id(std::string_view name) {
    uuid read{};
    const auto* found = string_at(name);
    if (found && !parse_uuid(*found, read)) fault(name, "must be a UUID");
    return read;
}

crypto::sha256 fields::digest(std::string_view name) {
    const auto* found = string_at(name);
    if (!found) return {};
    const auto read = crypto::sha256::from_hex(*found);
    if (!read) fault(name, "must be a SHA-256 in 64 hexadecimal digits");
    return read.value_or(crypto::sha256{});
}

time_point fields::time(std::string_view name) {
    const auto* found = string_at(name);
    if (!found) return {};
    const auto read = parse_rfc3339(*found);
    if (!read) fault(name, "must be a time of RFC 3339");
    return read.value_or(time_point{});
}

std::string fields::bytes(std::string_view name) {
    const auto* found = string_at(name);
    if (!found) return {};
    auto read = crypto::base64_decode(*found);
    if (!read) fault(name, "must be base64");
    return read.value_or(std::string{});
}

std::optional<fields> fields::object(std::string_view name) {
    const auto* value = find(name);
    const auto* found = value ? value->if_object() : nullptr;
    if (found)
        return fields{*found, path_.empty() ? std::string{name} : path_ + "." + std::string{name},
                      *faults_};
    fault(name, value ? "must be an object" : "is missing");
    return std::nullopt;
}

std::vector<fields> fields::objects(std::string_view name, std::size_t most) {
    std::vector<fields> all;
    const auto* value = find(name);
    const auto* found = value ? value->if_array() : nullptr;
    if (!found) fault(name, value ? "must be an array" : "is missing");
    if (!found) return all;
    if (found->size() > most) fault(name, fmt::format("more than {} are not carried", most));
    for (std::size_t i = 0; i < std::min(found->size(), most); ++i) {
        const auto path = fmt::format("{}[{}]", name, i);
        if (const auto* one = found->at(i).if_object())
            all.emplace_back(*one, path_.empty() ? path : path_ + "." + path, *faults_);
        else
            fault(path, "must be an object");
    }
    return all;
}

json::value text_value(std::string_view text) {
    // Equal length and bytes: nothing had to be replaced, so it is UTF-8 as it stands.
    if (valid_utf8(text, text.size()) == text) return json::string{text};
    return json::object{{"base64", crypto::base64_encode(text)}};
}

void put_text(json::object& into, std::string_view name, std::string_view text) {
    if (!text.empty()) into[name] = text_value(text);
}

}  // namespace ecert::queue::wire
