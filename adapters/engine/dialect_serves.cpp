#include "adapters/engine/dialect_parts.hpp"

#include <algorithm>
#include <array>

namespace ecert::engine {
namespace {

constexpr std::array known_fields{"message_id",
                                  "relates_to",
                                  "from",
                                  "to",
                                  "number",
                                  "type",
                                  "status",
                                  "reference",
                                  "text",
                                  "tracking",
                                  "country",
                                  "content_encoding",
                                  "content_size",
                                  "content_digest",
                                  "answer_status",
                                  "answer_reason",
                                  "answer_language",
                                  "answer_other"};

// Of each verb, what its operations may be.
struct known_verb {
    serve_verb verb;
    std::vector<std::string_view> variants;
};
const std::vector<known_verb>& known_verbs() {
    static const std::vector<known_verb> all{
        {serve_verb::deliver, {"", "validated"}},
        {serve_verb::track, {"", "told"}},
        {serve_verb::list, {"sent", "offered"}},
        {serve_verb::fetch, {"", "all"}},
        {serve_verb::confirm, {"", "warning", "failed"}},
        {serve_verb::respond, {""}},
        {serve_verb::validate, {""}},
        {serve_verb::lookup, {""}},
    };
    return all;
}

template <class Texts>
std::string listed(const Texts& all) {
    std::string text;
    for (const auto& each : all)
        if (!std::string_view{each}.empty())
            text.append(text.empty() ? "" : ", ").append(std::string_view{each});
    return text;
}

void read_verb(dialect_table& from, serve_operation& into) {
    const auto text = from.required_text("verb");
    into.variant = from.text("variant", "");
    for (const auto& known : known_verbs()) {
        if (text != name_of(known.verb)) continue;
        into.verb = known.verb;
        if (std::ranges::count(known.variants, into.variant) == 0)
            from.wrong("DIA-VALUE", "variant", into.variant, listed(known.variants));
        return;
    }
    if (!text.empty())
        from.wrong("DIA-VALUE", "verb", text,
                   "deliver, track, list, fetch, confirm, respond, validate, lookup");
}

void read_content(dialect_table& from, serve_operation& into, const dialect_being_read& of) {
    if (auto content = from.text("content", ""); !content.empty())
        into.content = read_name(from, "content", content, of);
    if (!from.has("content_as")) return;
    for (const auto& form : from.texts("content_as")) {
        if (form == "text")
            into.content_as.push_back(content_form::text);
        else if (form == "base64")
            into.content_as.push_back(content_form::base64);
        else if (form == "typed")
            into.content_as.push_back(content_form::typed);
        else
            from.wrong("DIA-VALUE", "content_as", form, "text, base64, typed");
    }
    if (std::ranges::count(into.content_as, content_form::typed) > 0 && into.content_as.size() > 1)
        from.wrong("DIA-VALUE", "content_as", "typed", "typed alone");
}

void read_fields(dialect_table& from, serve_operation& into, const dialect_being_read& of) {
    const auto* table = from.table("fields");
    if (!table) return;
    const auto file = of.folder / "dialect.toml";
    dialect_table fields{*table, file, of.found};
    for (const auto& [key, expression] : fields.pairs()) {
        if (std::ranges::find(known_fields, key) == known_fields.end())
            fields.wrong("DIA-UNKNOWN-KEY", key, expression,
                         "a field that the README of the dialects names");
        else if (auto compiled = read_xpath(fields, key, expression, of))
            into.fields.emplace(key, *compiled);
    }
}

void read_tracking(dialect_table& from, serve_operation& into, const dialect_being_read& of) {
    static constexpr std::array known{"pending",    "delivered", "warned",
                                      "unreadable", "failed",    "unknown"};
    const auto* table = from.table("tracking");
    if (!table) return;
    const auto file = of.folder / "dialect.toml";
    dialect_table words{*table, file, of.found};
    for (const auto& [word, meaning] : words.pairs()) {
        if (std::ranges::find(known, meaning) == known.end())
            words.wrong("DIA-VALUE", word, meaning, listed(known));
        into.tracking.emplace(word, meaning);
    }
}

}  // namespace

serve_operation read_serve(dialect_table from, const dialect_being_read& of) {
    serve_operation operation;
    read_verb(from, operation);
    operation.name = from.required_text("name");
    operation.action = from.text("action", "");
    operation.reply_action = from.text("reply_action", "");
    operation.request = read_name(from, "request", from.required_text("request"), of);
    read_content(from, operation, of);
    operation.reply = read_stylesheet(from, "reply", of);
    operation.refuses_in_reply = from.boolean("refuses_in_reply", false);
    read_fields(from, operation, of);
    read_tracking(from, operation, of);
    from.refuse_the_rest();
    return operation;
}

}  // namespace ecert::engine
