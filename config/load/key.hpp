// One key of a configuration file, declared once: its name, the member it fills and what a value
// must keep. Reading, the search for unknown keys, comparison and the test of the examples all walk
// these declarations.
#pragma once

#include "config/clock.hpp"

#include <chrono>
#include <cstdint>
#include <string_view>
#include <tuple>

namespace ecert::load {

enum class form {
    any,
    existing_file,  // also every path of a list
    existing_folder,
    hours,  // "08:00-18:00"
    url     // https, or http on loopback
};

struct rule {
    bool required = false;
    bool bounded = false;
    double least = 0, most = 0;  // of a number; milliseconds of a duration, bytes of a size
    std::string_view one_of;     // "a|b|c"
    form written = form::any;
};

constexpr rule needed(rule r = {}) {
    r.required = true;
    return r;
}
constexpr rule between(double least, double most) {
    return {.bounded = true, .least = least, .most = most};
}
constexpr rule between(duration least, duration most) {
    return between(static_cast<double>(least.count()), static_cast<double>(most.count()));
}
constexpr rule one_of(std::string_view choices) { return {.one_of = choices}; }
constexpr rule written_as(form f) { return {.written = f}; }

template <class Settings, class Value>
struct key {
    std::string_view name;
    Value Settings::*member;
    rule checks;
    constexpr key(std::string_view n, Value Settings::*m, rule r = {})
        : name{n}, member{m}, checks{r} {}
};

// Specialised for every struct that is a file or a table in one: a tuple `all` of its keys.
template <class Settings>
struct keys_of;

template <class T>
concept has_keys = requires { keys_of<T>::all; };

template <has_keys Settings, class Visit>
void for_each_key(Visit visit) {
    std::apply([&](const auto&... k) { (visit(k), ...); }, keys_of<Settings>::all);
}

}  // namespace ecert::load
