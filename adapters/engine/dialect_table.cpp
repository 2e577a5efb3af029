#include "adapters/engine/dialect_table.hpp"

#include <fmt/format.h>

namespace ecert::engine {
namespace {

std::string shown(const toml::node& value) {
    if (const auto* text = value.as_string()) return text->get().substr(0, 200);
    std::ostringstream out;
    value.visit([&](const auto& of) {
        if constexpr (toml::is_value<decltype(of)>) out << of.get();
    });
    return out.str().substr(0, 200);
}

}  // namespace

const toml::node* dialect_table::take(std::string_view key) {
    asked_.emplace(key);
    return at_.get(key);
}

std::string dialect_table::where(std::string_view key) const {
    const auto* node = at_.get(key);
    const auto line = node ? node->source().begin.line : at_.source().begin.line;
    return fmt::format("{}:{} {}", file_.string(), line, key);
}

void dialect_table::wrong(std::string id, std::string_view key, std::string value,
                          std::string expected) {
    found_.push_back(
        {std::move(id), severity::error, where(key), std::move(value), std::move(expected)});
}

std::string dialect_table::text(std::string_view key, std::string_view otherwise) {
    const auto* node = take(key);
    if (!node) return std::string{otherwise};
    if (const auto* text = node->as_string()) return text->get();
    wrong("DIA-TYPE", key, shown(*node), "a string");
    return std::string{otherwise};
}

std::string dialect_table::required_text(std::string_view key) {
    if (!at_.contains(key)) {
        asked_.emplace(key);
        wrong("DIA-MISSING-KEY", key, "", "a string");
        return {};
    }
    return text(key, "");
}

std::optional<bool> dialect_table::boolean(std::string_view key) {
    const auto* node = take(key);
    if (!node) return std::nullopt;
    if (const auto* flag = node->as_boolean()) return flag->get();
    wrong("DIA-TYPE", key, shown(*node), "true or false");
    return std::nullopt;
}

bool dialect_table::boolean(std::string_view key, bool otherwise) {
    return boolean(key).value_or(otherwise);
}

std::optional<std::int64_t> dialect_table::integer(std::string_view key) {
    const auto* node = take(key);
    if (!node) return std::nullopt;
    if (const auto* number = node->as_integer()) return number->get();
    wrong("DIA-TYPE", key, shown(*node), "a whole number");
    return std::nullopt;
}

std::vector<int> dialect_table::integers(std::string_view key) {
    std::vector<int> all;
    const auto* node = take(key);
    if (!node) return all;
    const auto* list = node->as_array();
    if (!list) {
        wrong("DIA-TYPE", key, shown(*node), "a list of whole numbers");
        return all;
    }
    for (const auto& each : *list) {
        if (const auto* number = each.as_integer())
            all.push_back(static_cast<int>(number->get()));
        else
            wrong("DIA-TYPE", key, shown(each), "a whole number");
    }
    return all;
}

std::vector<std::string> dialect_table::texts(std::string_view key) {
    const auto* node = take(key);
    if (!node) return {};
    if (const auto* one = node->as_string()) return {one->get()};
    const auto* list = node->as_array();
    std::vector<std::string> all;
    if (!list) {
        wrong("DIA-TYPE", key, shown(*node), "a string or a list of strings");
        return all;
    }
    for (const auto& each : *list) {
        if (const auto* text = each.as_string())
            all.push_back(text->get());
        else
            wrong("DIA-TYPE", key, shown(each), "a string");
    }
    return all;
}

const toml::table* dialect_table::table(std::string_view key) {
    const auto* node = take(key);
    if (!node) return nullptr;
    if (const auto* table = node->as_table()) return table;
    wrong("DIA-TYPE", key, shown(*node), "a table");
    return nullptr;
}

std::vector<const toml::table*> dialect_table::tables(std::string_view key) {
    std::vector<const toml::table*> all;
    const auto* node = take(key);
    if (!node) return all;
    const auto* list = node->as_array();
    if (!list || !list->is_array_of_tables()) {
        wrong("DIA-TYPE", key, shown(*node), "tables in double brackets");
        return all;
    }
    for (const auto& each : *list) all.push_back(each.as_table());
    return all;
}

std::vector<std::pair<std::string, std::string>> dialect_table::pairs() {
    std::vector<std::pair<std::string, std::string>> all;
    for (const auto& [key, node] : at_) {
        (void)node;
        all.emplace_back(std::string{key.str()}, text(key.str(), ""));
    }
    return all;
}

void dialect_table::refuse_the_rest() {
    for (const auto& [key, node] : at_)
        if (!asked_.contains(key.str())) wrong("DIA-UNKNOWN-KEY", key.str(), shown(node), "");
}

std::optional<toml::table> parse_toml(const std::filesystem::path& file, problems& found) {
    try {
        return toml::parse_file(file.string());
    } catch (const toml::parse_error& e) {
        const auto line = e.source().begin.line;
        found.push_back({"DIA-TOML", severity::error, fmt::format("{}:{}", file.string(), line),
                         std::string{e.description()}, ""});
        return std::nullopt;
    }
}

}  // namespace ecert::engine
