// Settings compared key by key: which keys differ, by their dotted paths.
#pragma once

#include "config/load/keys.hpp"

#include <string>
#include <vector>

namespace ecert::load {

template <has_keys Settings>
std::vector<std::string> differing_keys(const Settings& a, const Settings& b);

namespace detail {

template <class Value>
void differ(const std::string& path, const Value& a, const Value& b, std::vector<std::string>& to) {
    if (!(a == b)) to.push_back(path);
}

template <has_keys Settings>
void differ(const std::string& path, const Settings& a, const Settings& b,
            std::vector<std::string>& to) {
    for (const std::string& inner : differing_keys(a, b)) to.push_back(path + '.' + inner);
}

template <has_keys Settings>
void differ(const std::string& path, const std::vector<Settings>& a, const std::vector<Settings>& b,
            std::vector<std::string>& to) {
    if (a.size() != b.size()) return to.push_back(path);
    for (std::size_t i = 0; i < a.size(); ++i)
        differ(path + '[' + std::to_string(i + 1) + ']', a[i], b[i], to);
}

}  // namespace detail

template <has_keys Settings>
std::vector<std::string> differing_keys(const Settings& a, const Settings& b) {
    std::vector<std::string> to;
    for_each_key<Settings>(
        [&](const auto& k) { detail::differ(std::string{k.name}, a.*k.member, b.*k.member, to); });
    return to;
}

}  // namespace ecert::load
