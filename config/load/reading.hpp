// From a parsed TOML file into settings, by the declared keys (key.hpp). What is wrong goes to the
// findings and leaves the default standing, so that the rest is read and checked all the same.
#pragma once

#include "config/load/findings.hpp"
#include "config/load/keys.hpp"

#include <toml++/toml.h>

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace ecert::load {

class reading {
  public:
    reading(std::filesystem::path folder, std::string file, findings& to)
        : folder_{std::move(folder)}, file_{std::move(file)}, to_{to} {}

    // `path` is the dotted key of the table itself; empty for the file.
    template <has_keys Settings>
    void table(const toml::table& from, const std::string& path, Settings& into) {
        std::vector<std::string_view> known;
        for_each_key<Settings>([&](const auto& k) {
            known.push_back(k.name);
            one(from, path, k, into);
        });
        report_unknown(from, path, known);
    }

  private:
    template <class Settings, class Value>
    void one(const toml::table& from, const std::string& path, const key<Settings, Value>& k,
             Settings& into) {
        const std::string at =
            path.empty() ? std::string{k.name} : path + '.' + std::string{k.name};
        if (const toml::node* found = from.get(k.name)) {
            to_.remember({file_, at}, line(*found));
            value(*found, at, k.checks, into.*k.member);
        } else if (k.checks.required) {
            to_.error("CFG-REQUIRED", {file_, at});
        }
    }

    void value(const toml::node& from, const std::string& at, const rule& checks,
               std::string& into);
    void value(const toml::node& from, const std::string& at, const rule& checks,
               std::filesystem::path& into);
    void value(const toml::node& from, const std::string& at, const rule& checks, bool& into);
    void value(const toml::node& from, const std::string& at, const rule& checks, int& into);
    void value(const toml::node& from, const std::string& at, const rule& checks, unsigned& into);
    void value(const toml::node& from, const std::string& at, const rule& checks,
               std::uint16_t& into);
    void value(const toml::node& from, const std::string& at, const rule& checks,
               std::uint64_t& into);
    void value(const toml::node& from, const std::string& at, const rule& checks, double& into);
    void value(const toml::node& from, const std::string& at, const rule& checks, duration& into);
    // The choices of the rule stand in the order of the enumeration.
    template <class Choice>
        requires std::is_enum_v<Choice>
    void value(const toml::node& from, const std::string& at, const rule& checks, Choice& into) {
        if (const auto place = choice(from, at, checks)) into = static_cast<Choice>(*place);
    }
    void value(const toml::node& from, const std::string& at, const rule& checks,
               std::map<std::string, std::string>& into);

    template <has_keys Settings>
    void value(const toml::node& from, const std::string& at, const rule&, Settings& into) {
        if (const auto* inner = from.as_table()) return table(*inner, at, into);
        wrong_type(from, at, "[" + at + "]");
    }

    template <class Element>
    void value(const toml::node& from, const std::string& at, const rule& checks,
               std::vector<Element>& into) {
        const auto* list = from.as_array();
        if (list == nullptr)
            return wrong_type(from, at, has_keys<Element> ? "[[" + at + "]]" : "[ ... ]");
        if (checks.required && list->empty()) to_.error("CFG-REQUIRED", {file_, at});
        into.clear();
        rule each = checks;
        each.required = true;
        for (const toml::node& node : *list) {
            const std::string place = at + '[' + std::to_string(into.size() + 1) + ']';
            to_.remember({file_, place}, line(node));
            value(node, place, each, into.emplace_back());
        }
    }

    template <class Integer>
    void whole(const toml::node& from, const std::string& at, const rule& checks, Integer& into);

    static unsigned line(const toml::node& of) { return of.source().begin.line; }
    void wrong_type(const toml::node& found, const std::string& at, std::string expected);
    void wrong_form(std::string id, const std::string& at, const std::string& value,
                    std::string expected);
    bool in_range(double value, const std::string& at, const rule& checks, const toml::node& found,
                  std::string (*write)(double));
    // Which of the rule's choices it is; told if it is none.
    std::optional<unsigned> choice(const toml::node& from, const std::string& at,
                                   const rule& checks);
    bool is_choice(const std::string& text, const std::string& at, const rule& checks);
    void report_unknown(const toml::table& in, const std::string& path,
                        const std::vector<std::string_view>& known);

    std::filesystem::path folder_;
    std::string file_;
    findings& to_;
};

}  // namespace ecert::load
