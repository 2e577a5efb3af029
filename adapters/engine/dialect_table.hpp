// Reads one TOML table strictly: what is missing, of the wrong type or unknown becomes a problem
// with file and line, and reading goes on. Private to the loader: the only header of this folder
// that shows toml++.
#pragma once

#include "config/problem.hpp"

#include <toml++/toml.h>

#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace ecert::engine {

class dialect_table {
  public:
    dialect_table(const toml::table& at, const std::filesystem::path& file, problems& found)
        : at_{at}, file_{file}, found_{found} {}

    std::string text(std::string_view key, std::string_view otherwise);
    std::string required_text(std::string_view key);
    bool boolean(std::string_view key, bool otherwise);
    std::optional<bool> boolean(std::string_view key);
    std::optional<std::int64_t> integer(std::string_view key);
    std::vector<int> integers(std::string_view key);
    std::vector<std::string> texts(std::string_view key);  // one string or a list of them
    const toml::table* table(std::string_view key);
    std::vector<const toml::table*> tables(std::string_view key);  // [[key]]
    std::vector<std::pair<std::string, std::string>> pairs();      // every key a string

    // After everything was asked for: what is left is unknown.
    void refuse_the_rest();
    void wrong(std::string id, std::string_view key, std::string value, std::string expected);
    std::string where(std::string_view key) const;  // file:line key
    const toml::table& raw() const { return at_; }
    bool has(std::string_view key) const { return at_.contains(key); }

  private:
    const toml::node* take(std::string_view key);
    const toml::table& at_;
    const std::filesystem::path& file_;
    problems& found_;
    std::set<std::string, std::less<>> asked_;
};

// nullopt: a problem was added. A file that cannot be read or is no TOML.
std::optional<toml::table> parse_toml(const std::filesystem::path& file, problems& found);

}  // namespace ecert::engine
