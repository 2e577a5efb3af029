#include "queue/wire/codec.hpp"
#include "queue/wire/parts.hpp"

#include <boost/json/serialize.hpp>

#include <fmt/format.h>

#include <limits>

namespace ecert::queue {

namespace json = boost::json;
using namespace wire;

namespace {

json::object object_of_answer(const answer& a) {
    json::object out{{"status", a.status}};
    put_text(out, "reason", a.reason);
    put_text(out, "language", a.language);
    return out;
}

answer answer_from(fields from) {
    answer read;
    read.status = static_cast<int>(from.integer("status", 0, std::numeric_limits<int>::max()));
    read.reason = from.text_or_empty("reason");
    read.language = from.text_or_empty("language");
    return read;
}

json::object object_of_confirmation(const confirmation& c) {
    json::object out{{"how", name_of(c.how)}};
    put_text(out, "text", c.text);
    return out;
}

confirmation confirmation_from(fields from) {
    confirmation read;
    const auto how = confirmation_kind_of(from.text("how"));
    if (!how && from.has("how")) from.fault("how", "must be plain, warning or failed");
    read.how = how.value_or(confirmation_kind::failed);
    read.text = from.text_or_empty("text");
    return read;
}

void read_optional(fields& from, task& into) {
    if (from.has("relates_to")) into.relates_to = from.id("relates_to");
    if (from.has("content"))
        if (auto content = from.object("content")) into.content = content_from(*content);
    if (from.has("translation"))
        if (auto kept = from.object("translation")) into.translation = content_from(*kept);
    if (from.has("answer"))
        if (auto given = from.object("answer")) into.answer = answer_from(*given);
    if (from.has("confirmation"))
        if (auto given = from.object("confirmation")) into.confirmation = confirmation_from(*given);
    into.page = from.text_or_empty("page");
    if (from.has("expects"))
        into.expects = static_cast<std::uint64_t>(
            from.integer("expects", 0, std::numeric_limits<std::int64_t>::max()));
    into.reference = from.text_or_empty("reference");
    into.traceparent = from.text_or_empty("traceparent");
    into.token = from.text_or_empty("token");
    into.suspect = from.flag("suspect");
}

}  // namespace

std::string encode(const task& t) {
    json::object out{{"v", version},
                     {"verb", name_of(t.verb)},
                     {"task", to_string(t.id)},
                     {"message", to_string(t.message)},
                     {"attempt", t.attempt},
                     {"start_by", rfc3339(t.start_by)},
                     {"work", t.work},
                     {"partner", text_value(t.partner)},
                     {"channel", text_value(t.channel)},
                     {"dialect", t.dialect.hex()},
                     {"profile", t.profile.hex()},
                     {"envelope", object_of(t.envelope)}};
    if (t.relates_to) out["relates_to"] = to_string(*t.relates_to);
    if (t.content) out["content"] = object_of(*t.content);
    if (t.translation) out["translation"] = object_of(*t.translation);
    if (t.answer) out["answer"] = object_of_answer(*t.answer);
    if (t.confirmation) out["confirmation"] = object_of_confirmation(*t.confirmation);
    put_text(out, "page", t.page);
    if (t.expects > 0) out["expects"] = t.expects;
    put_text(out, "reference", t.reference);
    put_text(out, "traceparent", t.traceparent);
    put_text(out, "token", t.token);
    if (t.suspect) out["suspect"] = true;
    return json::serialize(out);
}

result<task> decode_task(std::string_view bytes) {
    const auto document = open_document(bytes, "task");
    if (!document) return document.error();
    faults wrong;
    fields from{document->get_object(), "", wrong};
    task read;
    const auto verb = verb_of(from.text("verb"));
    if (!verb && from.has("verb")) from.fault("verb", "is none of the six verbs");
    read.verb = verb.value_or(verb::deliver);
    read.id = from.id("task");
    read.message = from.id("message");
    read.attempt = static_cast<std::uint32_t>(
        from.integer("attempt", 0, std::numeric_limits<std::uint32_t>::max()));
    read.start_by = from.time("start_by");
    read.work = from.integer("work", 0, std::numeric_limits<std::int64_t>::max());
    read.partner = from.text("partner");
    read.channel = from.text("channel");
    read.dialect = from.digest("dialect");
    read.profile = from.digest("profile");
    if (auto envelope = from.object("envelope")) read.envelope = envelope_from(*envelope);
    read_optional(from, read);
    if (!wrong.none()) return failure{failure_kind::invalid, "task: " + wrong.text()};
    return read;
}

}  // namespace ecert::queue
