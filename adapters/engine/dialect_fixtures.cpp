#include "adapters/engine/brought.hpp"
#include "adapters/engine/classify.hpp"
#include "adapters/engine/dialect_parts.hpp"
#include "adapters/engine/security.hpp"

#include <algorithm>
#include <fstream>

namespace ecert::engine {
namespace {

namespace fs = std::filesystem;

constexpr auto our_message = "urn:uuid:00000000-0000-5000-8000-000000000001";

// A reply as a fixture tells it, with the document its body lives in.
struct told_reply {
    soap::received document;
    reply_seen seen;
};

std::optional<std::string> bytes_of(const fs::path& file) {
    std::ifstream in{file, std::ios::binary};
    if (!in) return std::nullopt;
    return std::string{std::istreambuf_iterator<char>{in}, {}};
}

void read_body(told_reply& into, dialect_table& from, const dialect& of, const std::string& name,
               bool claimed) {
    const auto bytes = bytes_of(of.folder / "fixtures" / name);
    if (!bytes) {
        from.wrong("DIA-FILE", "reply", name, "a file in fixtures/");
        return;
    }
    crypto::xml::message_options options;
    options.spool_folder = fs::temp_directory_path();
    auto read = soap::read(crypto::from_memory(*bytes), of.soap, options);
    if (!read) {
        into.seen.error = read.error().text;
        return;
    }
    into.document = std::move(*read);
    into.seen.body = into.document.message.body;
    into.seen.fault = into.document.fault;
    const auto& relates = into.document.addressing.relates_to;
    into.seen.verified = claimed && (!of.addressing || relates == our_message ||
                                     (relates.empty() && into.seen.fault));
}

told_reply read_reply(dialect_table& from, const dialect& of, const fs::path& file,
                      problems& found) {
    told_reply told;
    const auto stage = from.text("stage", "replied");
    if (stage == "before-body") told.seen.stage = http::stage::before_body;
    if (stage == "after-body") told.seen.stage = http::stage::after_body;
    told.seen.status = static_cast<int>(from.integer("status").value_or(0));
    if (auto seconds = from.integer("retry_after"))
        told.seen.retry_after = duration{*seconds * 1000};
    if (const auto* table = from.table("asked"))
        for (auto& [name, value] : dialect_table{*table, file, found}.pairs())
            told.seen.asked[name] = value;
    const bool claimed = from.boolean("verified", false);
    if (auto name = from.text("reply", ""); !name.empty()) read_body(told, from, of, name, claimed);
    return told;
}

void hold(dialect_table& from, std::string_view key, const std::string& given) {
    const auto wanted = from.text(key, "");
    if (!wanted.empty() && wanted != given) from.wrong("DIA-FIXTURE", key, given, wanted);
}

// "<reference> <from> <number>; ..."
std::string listed(const call_operation& by, const reply_seen& seen) {
    std::string text;
    for (const auto& each : read_listing(by, seen.body, seen.asked).envelopes)
        text += (text.empty() ? "" : "; ") + each.reference + " " + each.envelope.from + " " +
                each.envelope.number;
    return text;
}

void run_one(const fs::path& file, const dialect& of, problems& found) {
    const auto parsed = parse_toml(file, found);
    if (!parsed) return;
    dialect_table from{*parsed, file, found};
    const auto name = from.required_text("operation");
    const auto operation = std::find_if(of.calls.begin(), of.calls.end(),
                                        [&](const auto& each) { return each.name == name; });
    const auto told = read_reply(from, of, file, found);
    const auto sent = from.text("sent", "");
    if (operation == of.calls.end()) {
        from.wrong("DIA-VALUE", "operation", name, "the name of a call");
    } else {
        const content_sent ours{true, crypto::sha256_of(sent), sent.size()};
        const auto judged =
            classify(operation->rules, find_security(of.security)->signs(), told.seen, ours);
        from.required_text("expect");
        hold(from, "expect", std::string{queue::name_of(judged.what)});
        hold(from, "scope", judged.scope == queue::outcome_scope::channel ? "channel" : "task");
        hold(from, "reference", judged.reference);
        hold(from, "text", judged.text);
        hold(from, "warning", judged.warning);
        if (operation->each && judged.what == queue::outcome_class::done)
            hold(from, "listed", listed(*operation, told.seen));
    }
    from.refuse_the_rest();
}

}  // namespace

void run_fixtures(const dialect& of, problems& found) {
    std::vector<fs::path> files;
    std::error_code ignored;
    for (const auto& each : fs::directory_iterator{of.folder / "fixtures", ignored})
        if (each.path().extension() == ".toml") files.push_back(each.path());
    std::sort(files.begin(), files.end());
    for (const auto& file : files) run_one(file, of, found);
}

}  // namespace ecert::engine
