// The loader's inner seams: each reads one part of a dialect folder and adds what is wrong to
// `found`. Private to the loader.
#pragma once

#include "adapters/engine/dialect.hpp"
#include "adapters/engine/dialect_table.hpp"

#include <filesystem>
#include <set>
#include <string>
#include <vector>

namespace ecert::engine {

// What every part needs to know of its dialect.
struct dialect_being_read {
    const std::filesystem::path& folder;
    const crypto::xml::namespaces& known;
    problems& found;
};

reply_rule read_rule(dialect_table from, const dialect_being_read& of);
std::optional<crypto::xml::xpath> read_xpath(dialect_table& from, std::string_view key,
                                             const std::string& expression,
                                             const dialect_being_read& of,
                                             const std::set<std::string>& variables = {});
crypto::xml::stylesheet read_stylesheet(dialect_table& from, std::string_view key,
                                        const dialect_being_read& of);
crypto::xml::name read_name(dialect_table& from, std::string_view key, const std::string& text,
                            const dialect_being_read& of);

call_operation read_call(dialect_table from, const std::vector<reply_rule>& common,
                         const dialect_being_read& of);
serve_operation read_serve(dialect_table from, const dialect_being_read& of);
// The bytes of a file inside the dialect's folder; nullopt: a problem was added.
std::optional<std::string> read_file(dialect_table& from, std::string_view key,
                                     const std::string& named, const dialect_being_read& of);

// Warnings for rules that an earlier one always wins over.
void warn_of_unreachable(const call_operation& of, const std::filesystem::path& file,
                         problems& found);

// Runs fixtures/*.toml: each reply through classify(); another outcome than expected is an error.
void run_fixtures(const dialect& of, problems& found);

}  // namespace ecert::engine
