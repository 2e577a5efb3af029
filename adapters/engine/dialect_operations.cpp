#include "adapters/engine/dialect_parts.hpp"

#include <fstream>
#include <iterator>

namespace ecert::engine {
namespace {

queue::verb read_verb(dialect_table& from) {
    const auto text = from.required_text("verb");
    if (auto known = queue::verb_of(text)) return *known;
    if (!text.empty())
        from.wrong("DIA-VALUE", "verb", text, "deliver, track, list, fetch, confirm, respond");
    return {};
}

std::optional<std::filesystem::path> file_inside(dialect_table& from, std::string_view key,
                                                 const std::string& named,
                                                 const dialect_being_read& of) {
    const std::filesystem::path relative{named};
    const bool leaves =
        relative.is_absolute() || relative.lexically_normal().string().starts_with("..");
    const auto file = of.folder / relative;
    if (!leaves && std::filesystem::is_regular_file(file)) return file;
    from.wrong("DIA-FILE", key, named, "a file inside the dialect's folder");
    return std::nullopt;
}

}  // namespace

std::optional<crypto::xml::xpath> read_xpath(dialect_table& from, std::string_view key,
                                             const std::string& expression,
                                             const dialect_being_read& of) {
    auto compiled = crypto::xml::xpath::compile(expression, of.known);
    if (compiled) return *compiled;
    from.wrong("DIA-XPATH", key, expression, compiled.error().text);
    return std::nullopt;
}

crypto::xml::stylesheet read_stylesheet(dialect_table& from, std::string_view key,
                                        const dialect_being_read& of) {
    const auto named = from.required_text(key);
    if (named.empty()) return {};
    const auto file = file_inside(from, key, named, of);
    if (!file) return {};
    auto loaded = crypto::xml::stylesheet::load(*file, of.folder);
    of.found.insert(of.found.end(), loaded.found.begin(), loaded.found.end());
    return loaded.value;
}

std::optional<std::string> read_file(dialect_table& from, std::string_view key,
                                     const std::string& named, const dialect_being_read& of) {
    const auto file = file_inside(from, key, named, of);
    if (!file) return std::nullopt;
    std::ifstream in{*file, std::ios::binary};
    return std::string{std::istreambuf_iterator<char>{in}, {}};
}

crypto::xml::name read_name(dialect_table& from, std::string_view key, const std::string& text,
                            const dialect_being_read& of) {
    const auto colon = text.find(':');
    if (colon == std::string::npos) return {"", text};
    const auto ns = of.known.find(text.substr(0, colon));
    if (ns == of.known.end()) {
        from.wrong("DIA-VALUE", key, text, "prefix:name with a prefix of [namespaces]");
        return {};
    }
    return {ns->second, text.substr(colon + 1)};
}

call_operation read_call(dialect_table from, const std::vector<reply_rule>& common,
                         const dialect_being_read& of) {
    call_operation operation;
    operation.verb = read_verb(from);
    if (operation.verb == queue::verb::list || operation.verb == queue::verb::fetch)
        from.wrong("DIA-VALUE", "verb", std::string{queue::name_of(operation.verb)},
                   "deliver, track, confirm, respond: an outcome of version 1 carries no lists and "
                   "no content");
    operation.name = from.required_text("name");
    operation.action = from.text("action", "");
    operation.body = read_stylesheet(from, "body", of);
    const auto file = of.folder / "dialect.toml";
    for (const auto* rule : from.tables("rule"))
        operation.rules.push_back(read_rule(dialect_table{*rule, file, of.found}, of));
    from.refuse_the_rest();
    operation.rules.insert(operation.rules.end(), common.begin(), common.end());
    warn_of_unreachable(operation, file, of.found);
    return operation;
}

}  // namespace ecert::engine
