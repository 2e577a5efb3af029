#include "adapters/http/message.hpp"

#include <boost/url/grammar/ci_string.hpp>

#include <algorithm>

namespace ecert::http {
namespace {

auto find(auto& all, std::string_view name) {
    return std::find_if(all.begin(), all.end(), [&](const auto& one) {
        return boost::urls::grammar::ci_is_equal(one.first, name);
    });
}

}  // namespace

void fields::set(std::string name, std::string value) {
    if (auto old = find(all_, name); old != all_.end())
        old->second = std::move(value);
    else
        all_.emplace_back(std::move(name), std::move(value));
}

void fields::add(std::string name, std::string value) {
    const auto old = find(all_, name);
    if (old == all_.end()) return set(std::move(name), std::move(value));
    old->second.append(", ").append(value);
    if (!repeated(name)) repeated_.push_back(std::move(name));
}

bool fields::repeated(std::string_view name) const {
    return std::ranges::any_of(repeated_, [&](const std::string& one) {
        return boost::urls::grammar::ci_is_equal(one, name);
    });
}

std::string_view fields::get(std::string_view name) const {
    const auto found = find(all_, name);
    return found == all_.end() ? std::string_view{} : std::string_view{found->second};
}

bool fields::has(std::string_view name) const { return find(all_, name) != all_.end(); }

std::optional<std::string> request_head::parameter(std::string_view name) const {
    for (const auto& [key, value] : query)
        if (key == name) return value;
    return std::nullopt;
}

response reply(int status, std::string content_type, std::string body) {
    response made;
    made.status = status;
    if (!content_type.empty()) made.fields.set("Content-Type", std::move(content_type));
    made.size = body.size();
    if (!body.empty()) made.body.emplace_back(std::move(body));
    return made;
}

}  // namespace ecert::http
