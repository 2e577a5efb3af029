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

bool is_call_fact(const std::string& name) {
    return name == "reference" || name == "confirmation" || name.starts_with("parameter.");
}

// "reference" or "confirmation=failed".
std::vector<need> read_needs(dialect_table& from) {
    std::vector<need> all;
    for (const auto& text : from.texts("needs")) {
        const auto equals = text.find('=');
        need one{text.substr(0, equals), equals == text.npos ? "" : text.substr(equals + 1)};
        if (!is_call_fact(one.fact))
            from.wrong("DIA-VALUE", "needs", text, "reference, confirmation, parameter.<name>");
        all.push_back(std::move(one));
    }
    return all;
}

void read_call_fields(call_operation& into, dialect_table& from, const dialect_being_read& of) {
    const auto* table = from.table("fields");
    if (!table) return;
    const auto file = of.folder / "dialect.toml";
    dialect_table fields{*table, file, of.found};
    for (const auto& [key, expression] : fields.pairs()) {
        const bool known =
            call_variables.contains(key) || (into.verb == queue::verb::list && key == "next");
        if (!known)
            fields.wrong("DIA-UNKNOWN-KEY", key, expression,
                         "from, to, number, type, status, reference; list: next");
        else if (auto compiled = read_xpath(fields, key, expression, of, call_variables))
            into.fields.emplace(key, *compiled);
    }
}

// A list names its entries, a fetch its content; both say where an envelope's fields stand. No
// other call has any of these.
void read_what_it_brings(call_operation& into, dialect_table& from, const dialect_being_read& of) {
    using queue::verb;
    if (into.verb == verb::list)
        into.each = read_xpath(from, "each", from.required_text("each"), of, call_variables);
    if (into.verb == verb::fetch)
        into.content = read_name(from, "content", from.required_text("content"), of);
    if (into.verb != verb::list && into.verb != verb::fetch) return;
    read_call_fields(into, from, of);
    for (const auto* needed : {"from", "to", "number", "type", "status", "reference"})
        if (!into.fields.contains(needed))
            from.wrong("DIA-MISSING-KEY", std::string{"fields."} + needed, "",
                       "where it stands in what they answer");
}

}  // namespace

std::optional<crypto::xml::xpath> read_xpath(dialect_table& from, std::string_view key,
                                             const std::string& expression,
                                             const dialect_being_read& of,
                                             const std::set<std::string>& variables) {
    auto compiled = crypto::xml::xpath::compile(expression, of.known, variables);
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
    operation.name = from.required_text("name");
    operation.action = from.text("action", "");
    operation.needs = read_needs(from);
    operation.body = read_stylesheet(from, "body", of);
    read_what_it_brings(operation, from, of);
    const auto file = of.folder / "dialect.toml";
    for (const auto* rule : from.tables("rule"))
        operation.rules.push_back(read_rule(dialect_table{*rule, file, of.found}, of));
    from.refuse_the_rest();
    operation.rules.insert(operation.rules.end(), common.begin(), common.end());
    warn_of_unreachable(operation, file, of.found);
    return operation;
}

}  // namespace ecert::engine
